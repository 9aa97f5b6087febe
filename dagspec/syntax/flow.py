"""Statements that do not fit on a line, or that have comments within."""

from __future__ import annotations

from collections.abc import Sequence

from dagspec.syntax.columns import Line
from dagspec.syntax.pieces import Piece, join

WIDTH = 100
INDENT = 2
_HANGING = 4


def flow(pieces: Sequence[Piece], indent: int) -> list[Line]:
    """Break a statement or an option into lines.

    A line breaks after `,` and `->` where it would grow too long. A bracket with a
    comment inside has each of its items on a line of its own, and so has a list of
    calls.
    """
    tall = _with_comments(pieces) | _lists_of_calls(pieces)
    lines: list[Line] = []
    row: list[Piece] = []
    stack: list[bool] = []
    margin, fresh = indent, True
    for index, piece in enumerate(pieces):
        closes = piece.text in ("]", ")")
        if closes:
            fresh = stack.pop()
        trailing = piece.kind == "comment" and not piece.alone
        last = row[-1] if row else None
        if last and not trailing:
            ends = piece.kind == "comment" or (fresh and (closes or _ends(last)))
            breakable = last.text in (",", "->")
            if ends or (breakable and margin + len(_chunk(row, pieces, index)) > WIDTH):
                lines.append(Line((join(row),), "", margin))
                row = []
        if not row and lines:
            margin = indent + INDENT * sum(stack) + (0 if fresh else _HANGING)
        if piece.kind != "comment":
            row.append(piece)
            if piece.text in ("[", "("):
                stack.append(index in tall)
            fresh = bool(stack) and stack[-1] and _ends(piece)
        elif piece.alone:
            lines.append(Line((), "", margin, piece.text))
        else:
            lines.append(Line((join(row),), "", margin, piece.text))
            row = []
    return [*lines, Line((join(row),), "", margin)] if row else lines


def _ends(piece: Piece) -> bool:
    """Whether an item of a bracket begins behind this."""
    return piece.text in (",", "[", "(")


def _chunk(row: Sequence[Piece], pieces: Sequence[Piece], index: int) -> str:
    """The row, and what has to follow it before it can break again."""
    chunk = list(row)
    for piece in pieces[index:]:
        if piece.kind == "comment":
            break
        chunk.append(piece)
        if piece.text in (",", "->"):
            break
    return join(chunk)


def _with_comments(pieces: Sequence[Piece]) -> set[int]:
    """Indices of the opening brackets that have a comment inside."""
    tall: set[int] = set()
    opened: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.text in ("[", "("):
            opened.append(index)
        elif piece.text in ("]", ")"):
            opened.pop()
        elif piece.kind == "comment":
            tall.update(opened)
    return tall


def _lists_of_calls(pieces: Sequence[Piece]) -> set[int]:
    """Indices of the opening brackets of lists that have a call among their items."""
    tall: set[int] = set()
    opened: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.text in ("[", "("):
            if opened and piece.text == "(" and pieces[opened[-1]].text == "[":
                tall.add(opened[-1])
            opened.append(index)
        elif piece.text in ("]", ")"):
            opened.pop()
    return tall
