"""How wide a text will be, without a font file.

The advance widths are Helvetica's, in thousandths of the size; Arial and Liberation
Sans were drawn to the same ones. A table gives the same picture on every machine.
"""

from __future__ import annotations

_FIRST = " "
_REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
_SIGNS = {
    "\N{NO-BREAK SPACE}": 278,
    "·": 333,
    "×": 584,
    "—": 1000,
    "…": 1000,
    "→": 1000,
    "■": 604,
    "□": 604,
    "○": 604,
}
_WIDEST = 1015


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line in points; a letter that is not known is taken to be wide."""
    return sum(_units(letter, bold) or _WIDEST for letter in text) * size / 1000


def is_known(text: str) -> bool:
    """Whether the width of every letter is known."""
    return all(_units(letter, False) is not None for letter in text)


def _units(letter: str, bold: bool) -> int | None:
    table, place = _BOLD if bold else _REGULAR, ord(letter) - ord(_FIRST)
    return table[place] if 0 <= place < len(table) else _SIGNS.get(letter)
