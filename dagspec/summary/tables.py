"""Tables of plain text: aligned columns, words between two spaces, no lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap

WIDTH = 88
_GAP = "  "
_NARROWEST = 12


@dataclass(frozen=True)
class Table:
    """Rows under a head.

    Attributes:
        title: What the table is about.
        head: A name for each column; those of numbers end in `>` and stand right.
        rows: Cells, as many in a row as there are columns.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def set_table(table: Table) -> Iterator[str]:
    """A table's lines, at most `WIDTH` wide where its words allow it."""
    yield table.title
    right = [name.endswith(">") for name in table.head]
    rows = [tuple(name.rstrip(">") for name in table.head), *table.rows]
    widths = _widths(rows, right)
    for row in rows:
        cells = [_fold(cell, width) for cell, width in zip(row, widths, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            parts = [
                part.rjust(width) if number else part.ljust(width)
                for part, width, number in zip(line, widths, right, strict=True)
            ]
            yield f"{_GAP}{_GAP.join(parts)}".rstrip()


def set_facts(facts: Sequence[tuple[str, str]], indent: str = "") -> Iterator[str]:
    """Names and what is to be said of them, side by side."""
    width = max(len(name) for name, _ in facts)
    hang = indent + " " * (width + len(_GAP))
    for name, text in facts:
        head = f"{indent}{name:<{width}}{_GAP}"
        yield from wrap(
            text,
            WIDTH,
            initial_indent=head,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        )


def set_sentences(text: str) -> Iterator[str]:
    """A paragraph below a table."""
    yield from wrap(text, WIDTH, initial_indent=_GAP, subsequent_indent=_GAP)


def _widths(rows: Sequence[tuple[str, ...]], right: Sequence[bool]) -> list[int]:
    """Of each column; columns of words give way, the widest first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = WIDTH - len(_GAP) * len(widths)
    while sum(widths) > room:
        words = [i for i, number in enumerate(right) if not number]
        widest = max(words, key=lambda i: widths[i])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _fold(cell: str, width: int) -> list[str]:
    return wrap(cell, width, break_long_words=False, break_on_hyphens=False) or [""]
