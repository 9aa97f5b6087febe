"""The lines of one source that a diagnostic is about, with its places marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dagspec.diagnostic.cells import Row, escape
from dagspec.diagnostic.types import Source, Span

BLUE = "1;34"

_LONGEST = 200
_MOST_LINES = 6


def paint(text: str, tint: str, colour: bool) -> str:
    """Text in a colour, a number of the terminal; as it is without `colour`."""
    return f"\x1b[{tint}m{text}\x1b[0m" if colour else text


@dataclass(frozen=True)
class _Mark:
    """Characters `start` to `end` of a line, and what is said about them."""

    start: int
    end: int
    text: str
    primary: bool


@dataclass(frozen=True)
class _Rail:
    """A span of several lines, drawn as a rail to their left."""

    first: int
    last: int
    start: int
    end: int
    text: str
    primary: bool


class Excerpt:
    """Lines of one source; places are put in, then all of it is drawn.

    Args:
        source: Where the lines come from.
        tint: Colour of the primary place.
        colour: Whether to use colours.
    """

    def __init__(self, source: Source, tint: str, colour: bool) -> None:
        self.source = source
        self.severity = tint
        self.colour = colour
        self.margin = 0
        self.marks: dict[int, list[_Mark]] = {}
        self.rails: list[_Rail] = []
        self.lines: list[str] = []

    def put(self, span: Span, text: str, primary: bool) -> None:
        """Mark a place, and say `text` about it."""
        first, column = span.source.locate(span.start)
        last, final = span.source.locate(max(span.end - 1, span.start))
        start, end = column - 1, final if span.end > span.start else final - 1
        if first == last:
            self.marks.setdefault(first, []).append(_Mark(start, end, text, primary))
        else:
            self.rails.append(_Rail(first, last, start, end, text, primary))

    def numbers(self) -> list[int]:
        """Numbers of the lines that are shown."""
        numbers = set(self.marks)
        for rail in self.rails:
            inside = range(rail.first, rail.last + 1)
            half = _MOST_LINES // 2
            short = len(inside) <= _MOST_LINES
            numbers.update(inside if short else [*inside[:half], *inside[-half + 1 :]])
        return sorted(numbers)

    def draw(self, margin: int, arrow: str, place: int) -> list[str]:
        """What is shown.

        Args:
            margin: Width of the line numbers.
            arrow: What stands before the name of the source.
            place: The offset that is named beside it.
        """
        self.margin = margin
        line, column = self.source.locate(place)
        sign = self._paint(" " * margin + arrow, BLUE)
        self.lines.append(f"{sign} {escape(self.source.name)}:{line}:{column}")
        self._gutter()
        previous = None
        for number in self.numbers():
            inside = any(rail.first < number <= rail.last for rail in self.rails)
            if previous is not None and number > previous + 1 and inside:
                self.lines.append(self._paint("...", BLUE))
            self._line(self.source.line(number), number)
            previous = number
        return self.lines

    def _line(self, line: str, number: int) -> None:
        marks = self.marks.get(number, [])
        kept = [(mark.start, mark.end) for mark in marks]
        kept += [(r.start, r.start + 1) for r in self.rails if r.first == number]
        kept += [(r.end - 1, r.end) for r in self.rails if r.last == number]
        row = Row(line, kept, _LONGEST)
        rails = self._rails(number, line)
        shown = f"{rails}{row.text}"
        self._gutter(f"{number:>{self.margin}}", shown.rstrip())
        for rail in self.rails:
            if rail.first == number and not self._flush(rail, line):
                self._corner(rail, number, row.column(rail.start), opening=True)
        if marks:
            self._underline(row, marks, self._rails(number, line, below=True))
        for rail in self.rails:
            if rail.last == number:
                self._corner(rail, number, row.column(rail.end - 1), opening=False)

    def _underline(self, row: Row, marks: Sequence[_Mark], rails: str) -> None:
        drawn = [
            (
                row.column(mark.start),
                max(row.column(mark.end), row.column(mark.start) + 1),
                mark,
            )
            for mark in marks
        ]
        end = max(last for _, last, _ in drawn)
        letters = [" "] * end
        for first, last, mark in sorted(drawn, key=lambda each: each[0] - each[1]):
            sign = "^" if mark.primary else "-"
            letters[first:last] = [self._paint(sign, self._tint(mark))] * (last - first)
        waiting = sorted(
            (each for each in drawn if each[2].text),
            key=lambda each: (each[0], each[1]),
        )
        said = ""
        if waiting and waiting[-1][1] == end:
            mark = waiting.pop()[2]
            said = " " + self._paint(escape(mark.text), self._tint(mark))
        self._gutter("", rails + "".join(letters) + said)
        if waiting:
            self._gutter("", rails + self._bars(waiting))
        while waiting:
            first, _, mark = waiting.pop()
            left = [each for each in waiting if each[0] < first]
            text = self._paint(escape(mark.text), self._tint(mark))
            bars = self._bars(left)
            gap = first - (left[-1][0] + 1 if left else 0)
            self._gutter("", rails + bars + " " * gap + text)

    def _bars(self, waiting: Sequence[tuple[int, int, _Mark]]) -> str:
        bars, column = "", 0
        for first, _, mark in waiting:
            if first >= column:
                bars += " " * (first - column) + self._paint("|", self._tint(mark))
                column = first + 1
        return bars

    def _rails(self, number: int, line: str, below: bool = False) -> str:
        drawn = ""
        for rail in self.rails:
            letter = " "
            if rail.first < number <= rail.last or (
                below and rail.first == number and self._flush(rail, line)
            ):
                letter = "|"
            elif rail.first == number and self._flush(rail, line):
                letter = "/"
            drawn += self._paint(letter, self._tint(rail)) if letter != " " else " "
        return f"{drawn} " if self.rails else ""

    def _corner(self, rail: _Rail, number: int, column: int, opening: bool) -> None:
        index = self.rails.index(rail)
        drawn = ""
        for other in self.rails[:index]:
            on = other.first < number < other.last or (opening and other.first < number)
            drawn += self._paint("|", self._tint(other)) if on else " "
        sign = "^" if rail.primary else "-"
        edge = " " if opening else "|"
        reach = len(self.rails) - index + column
        tail = "_" * reach + sign
        said = f" {escape(rail.text)}" if rail.text and not opening else ""
        self._gutter("", drawn + self._paint(edge + tail + said, self._tint(rail)))

    def _flush(self, rail: _Rail, line: str) -> bool:
        return not line[: rail.start].strip()

    def _gutter(self, number: str = "", text: str = "") -> None:
        margin = self._paint(f"{number:>{self.margin}} |", BLUE)
        self.lines.append(f"{margin} {text}" if text else margin)

    def _tint(self, mark: _Mark | _Rail) -> str:
        return self.severity if mark.primary else BLUE

    def _paint(self, text: str, tint: str) -> str:
        return paint(text, tint, self.colour)
