"""Blocks of equations and how they are set: as plain text or as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from dagspec.summary.math.notation import escape, to_latex, to_text

_WIDTH = 88
_WIDEST_LEFT = 30
_INDENT = "  "
_GLUE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Equation:
    """One equation; `right` may be broken into lines between its parts.

    Attributes:
        left: What is explained.
        right: What it is.
        note: Prose that belongs to it.
        relation: The sign between them.
    """

    left: str
    right: tuple[str, ...]
    note: str = ""
    relation: str = "="


@dataclass(frozen=True)
class Block:
    """Equations under one title, and sentences about them."""

    title: str
    equations: tuple[Equation, ...]
    remarks: tuple[str, ...] = ()


def equation(formula: str, note: str = "") -> Equation:
    """An equation from one line: `a = b`."""
    left, _, right = formula.partition(" = ")
    return Equation(left, (right,), note)


def set_text(blocks: Iterable[Block]) -> str:
    """Blocks for a terminal."""
    return "\n\n".join("\n".join(_text_block(block)) for block in blocks) + "\n"


def set_latex(blocks: Iterable[Block]) -> str:
    """Blocks for a paper that loads amsmath; ASCII alone."""
    return "\n\n".join("\n".join(_latex_block(block)) for block in blocks) + "\n"


def _text_block(block: Block) -> Iterator[str]:
    yield block.title
    lefts = [len(to_text(each.left)) for each in block.equations]
    column = max((n for n in lefts if n <= _WIDEST_LEFT), default=0)
    for each in block.equations:
        yield from _text_equation(each, column)
    if block.remarks:
        yield ""
    for remark in block.remarks:
        hang = _INDENT + "  "
        yield from wrap(remark, _WIDTH, initial_indent=_INDENT, subsequent_indent=hang)


def _text_equation(each: Equation, column: int) -> list[str]:
    left = f"{to_text(each.left):<{column}} {each.relation}"
    hang = _INDENT + " " * (column + 3 if len(left) <= column + 2 else 4)
    parts = [left, *map(to_text, each.right)]
    if each.note:
        parts.append(f" ({each.note})")
    # A part is broken only where a line has no room for it.
    room = _WIDTH - len(hang)
    lines = wrap(
        " ".join(p.replace(" ", _GLUE) if len(p) <= room else p for p in parts),
        _WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_GLUE, " ") for line in lines]


def _latex_block(block: Block) -> Iterator[str]:
    yield rf"\paragraph{{{escape(block.title)}}}"
    if block.equations:
        yield "\\[\n\\begin{aligned}"
        yield " \\\\\n".join(_latex_equation(each) for each in block.equations)
        yield "\\end{aligned}\n\\]"
    for remark in block.remarks:
        yield from wrap(escape(remark), _WIDTH)


def _latex_equation(each: Equation) -> str:
    relation = to_latex(each.relation)
    note = rf"\quad \text{{({escape(each.note)})}}" if each.note else ""
    lines = list(_broken([to_latex(part) for part in each.right]))
    first, *others = (r" \, ".join(line) for line in lines)
    text = f"{to_latex(each.left)} {relation}{{}}& {first}"
    return " \\\\\n".join([text, *(rf"& \quad {{}} {line}" for line in others)]) + note


def _broken(parts: Sequence[str]) -> Iterator[list[str]]:
    """Parts line by line, none of them wider on paper than a column of text."""
    line: list[str] = []
    for part in parts:
        if line and sum(map(_drawn, [*line, part])) > 56:
            yield line
            line = []
        line.append(part)
    yield line


def _drawn(latex: str) -> int:
    """About how many characters of a formula are seen on paper."""
    unseen = r"\\(mathrm|mathcal|operatorname|quad)|[{}^_\\]"
    return len(re.sub(unseen, "", latex))
