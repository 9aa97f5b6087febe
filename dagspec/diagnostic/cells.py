"""How a terminal shows text: escaped where it could do harm, and how wide."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_TAB = 4
# Control and format characters, lone surrogates, line and paragraph separators: what
# would move the cursor, reorder the line, or not be seen at all.
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@lru_cache(maxsize=1024)
def cell(letter: str) -> tuple[str, int]:
    """What is shown for one character that is no tab, and its width in columns."""
    if " " <= letter <= "~":
        return letter, 1
    category = unicodedata.category(letter)
    if category in _HARMFUL:
        code = ord(letter)
        shown = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
        return shown, len(shown)
    if category in ("Mn", "Me"):
        return letter, 0
    return letter, 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def escape(text: str) -> str:
    r"""Text with all that a terminal would act on made visible, `\n` included."""
    if text.isascii() and text.isprintable():
        return text
    shown = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
    return "".join(shown.get(letter) or cell(letter)[0] for letter in text)


def width(text: str) -> int:
    """Columns that `escape(text)` takes."""
    return sum(cell(letter)[1] for letter in escape(text))


class Row:
    """One line of a source as it is shown, cut down to what is marked if it is long.

    Attributes:
        text: What is shown.
    """

    def __init__(self, line: str, marks: list[tuple[int, int]], longest: int) -> None:
        """Lay out a line.

        Args:
            line: The line without its break.
            marks: Ranges of characters that have to stay in view.
            longest: Columns above which the rest is cut.
        """
        shown: list[str] = []
        starts: list[int] = []
        column = 0
        cut = len(line) > longest or sum(cell(c)[1] for c in line) > longest
        kept = _kept(line, marks, longest) if cut else None
        for index, letter in enumerate(line):
            starts.append(column)
            if kept is not None and not kept[index]:
                if index == 0 or kept[index - 1]:
                    shown.append("…")
                    column += 1
                continue
            text, wide = cell(letter)
            if letter == "\t":
                wide = _TAB - column % _TAB
                text = " " * wide
            shown.append(text)
            column += wide
        self.text = "".join(shown).rstrip()
        self._starts = [*starts, column]

    def column(self, character: int) -> int:
        """Column of a character, counted from 0; past the end they are one wide."""
        last = len(self._starts) - 1
        return self._starts[min(character, last)] + max(0, character - last)


def _kept(line: str, marks: list[tuple[int, int]], longest: int) -> bytearray:
    """Which characters stay: the ends of every mark with some room around them."""
    room = longest // 5
    kept = bytearray(len(line))
    for start, end in marks or [(0, 0)]:
        head = (max(0, start - room), min(end, start + room))
        tail = (max(start, end - room), min(len(line), end + room))
        for first, last in (head, tail):
            kept[first:last] = b"\x01" * max(0, min(last, len(line)) - first)
    return kept
