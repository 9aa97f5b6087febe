"""Diagnostics as text: a message, the lines it is about, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagspec.diagnostic.cells import Row, escape, width
from dagspec.diagnostic.types import Diagnostic, Severity, Span

_LONGEST = 200
_MOST_LINES = 6

_BOLD = "1"
_BLUE = "1;34"
_GREEN = "1;32"
_SEVERITIES = {"error": "1;31", "warning": "1;33"}


def render_diagnostic(diagnostic: Diagnostic, colour: bool = False) -> str:
    """Show a diagnostic with the lines it is about.

    Args:
        diagnostic: What to show.
        colour: Whether to use the terminal's colours.

    Returns:
        Several lines, without a line break at the end.
    """
    return _Page(diagnostic, colour).text()


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Count what was found, such as "2 errors, 1 warning"; empty if nothing was."""
    found = [diagnostic.severity for diagnostic in diagnostics]
    parts: list[str] = []
    severities: tuple[Severity, ...] = ("error", "warning")
    for severity in severities:
        count = found.count(severity)
        if count:
            parts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return ", ".join(parts)


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


class _Page:
    def __init__(self, diagnostic: Diagnostic, colour: bool) -> None:
        self.diagnostic = diagnostic
        self.colour = colour
        self.severity = _SEVERITIES[diagnostic.severity]
        self.marks: dict[int, list[_Mark]] = {}
        self.rails: list[_Rail] = []
        self.lines: list[str] = []
        if diagnostic.span:
            self._place(diagnostic.span, diagnostic.label, primary=True)
        for label in diagnostic.labels:
            self._place(label.span, label.text, primary=False)
        numbers = self._numbers()
        self.margin = len(str(numbers[-1])) if numbers else 0
        self.numbers = numbers

    def text(self) -> str:
        found = self.diagnostic
        head = self._paint(f"{found.severity}[{found.code}]", self.severity)
        self.lines.append(head + self._paint(f": {escape(found.message)}", _BOLD))
        if found.span:
            self._excerpt(found.span)
        if found.span and (found.notes or found.help):
            self._gutter()
        for note in found.notes:
            self._remark("note", note, _BOLD)
        if found.help:
            self._remark("help", found.help, _GREEN)
        return "\n".join(self.lines)

    def _excerpt(self, span: Span) -> None:
        source = span.source
        line, column = source.locate(span.start)
        arrow = self._paint(" " * self.margin + "-->", _BLUE)
        self.lines.append(f"{arrow} {escape(source.name)}:{line}:{column}")
        self._gutter()
        previous = None
        for number in self.numbers:
            inside = any(rail.first < number <= rail.last for rail in self.rails)
            if previous is not None and number > previous + 1 and inside:
                self.lines.append(self._paint("...", _BLUE))
            self._line(source.line(number), number)
            previous = number

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

    def _place(self, span: Span, text: str, primary: bool) -> None:
        first, column = span.source.locate(span.start)
        last, final = span.source.locate(max(span.end - 1, span.start))
        start, end = column - 1, final if span.end > span.start else final - 1
        if first == last:
            self.marks.setdefault(first, []).append(_Mark(start, end, text, primary))
        else:
            self.rails.append(_Rail(first, last, start, end, text, primary))

    def _numbers(self) -> list[int]:
        numbers = set(self.marks)
        for rail in self.rails:
            inside = range(rail.first, rail.last + 1)
            half = _MOST_LINES // 2
            short = len(inside) <= _MOST_LINES
            numbers.update(inside if short else [*inside[:half], *inside[-half + 1 :]])
        return sorted(numbers)

    def _gutter(self, number: str = "", text: str = "") -> None:
        margin = self._paint(f"{number:>{self.margin}} |", _BLUE)
        self.lines.append(f"{margin} {text}" if text else margin)

    def _remark(self, kind: str, text: str, tint: str) -> None:
        indent = " " * (self.margin + 1) if self.diagnostic.span else "  "
        first, *others = text.split("\n")
        sign = self._paint("=", _BLUE)
        self.lines.append(f"{indent}{sign} {self._paint(kind, tint)}: {escape(first)}")
        room = indent + " " * (len(kind) + 4)
        self.lines += [room + escape(other) for other in others]

    def _tint(self, mark: _Mark | _Rail) -> str:
        return self.severity if mark.primary else _BLUE

    def _paint(self, text: str, tint: str) -> str:
        return f"\x1b[{tint}m{text}\x1b[0m" if self.colour else text


__all__ = ["render_diagnostic", "summary", "width"]
