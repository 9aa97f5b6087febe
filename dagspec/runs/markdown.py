"""Markdown that shows any text as it is: tables, code, prose, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import isfinite

NOTHING = "-"
# Each needs a backslash before its last letter.
_ODD = re.compile(
    r"""[\\`*<>\[\]~]                        # marks something up wherever it stands
    | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])  # within a word, it does not
    | ^\#+(?=\s|$) | ^[+-](?=[\s-]|$) | ^\d+[.)]  # make a heading, a list, a rule
    | &(?=[\#A-Za-z])""",
    re.VERBOSE,
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns whose name ends in `>` hold numbers and stand right."""
    rules = ["---:" if name.endswith(">") else "---" for name in head]
    lines = [[name.removesuffix(">") for name in head], rules, *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    # A bar ends a cell even inside of code.
    return " ".join(text.split()).replace("|", r"\|")


def prose(text: str) -> str:
    """A text on one line with nothing marked up in it but `code`."""
    pieces = " ".join(text.split()).split("`")
    if len(pieces) % 2 == 0:
        pieces = ["`".join(pieces)]
    for at in range(0, len(pieces), 2):
        pieces[at] = _ODD.sub(_escaped, pieces[at])
    return "`".join(pieces)


def _escaped(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def code(text: str) -> str:
    """A text as code within a line."""
    text = " ".join(text.split())
    if not text:
        return NOTHING
    ticks = "`" * (_longest_ticks(text) + 1)
    space = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def fence(text: str, language: str = "") -> str:
    """A text as a block of code."""
    ticks = "`" * max(3, _longest_ticks(text) + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def _longest_ticks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def figure(value: float | None, digits: int = 3) -> str:
    """A number in so many significant digits, at least those before the point."""
    if value is None:
        return NOTHING
    if not isfinite(value):
        return str(value)
    size = abs(value)
    if size and not 1e-4 <= size < 1e7:
        return f"{value:.{digits - 1}e}"
    whole = len(str(int(size))) if size >= 1 else 0
    return f"{value:,.{max(0, digits - whole)}f}" if whole else f"{value:.{digits}g}"


def nats(value: float | None) -> str:
    """An ELBO or a KL: two decimals as long as they mean something."""
    if value is None or not isfinite(value) or abs(value) >= 1e5:
        return figure(value)
    return figure(value, 2) if 0 < abs(value) < 0.1 else f"{value:,.2f}"


def counted(number: int, noun: str) -> str:
    """`1 step`, `3,000 steps`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
