"""The canonical form of a text: comments and groups are kept, all else is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from dagspec.diagnostic import DagSpecError, InternalError, Source
from dagspec.syntax.columns import Line, align
from dagspec.syntax.flow import INDENT, WIDTH, flow
from dagspec.syntax.parse import parse
from dagspec.syntax.pieces import (
    Piece,
    cut,
    join,
    split_block,
    split_options,
    without_breaks,
)
from dagspec.syntax.tree import File, Node, Process, Section, Statement

Lines: TypeAlias = list[Line | None]


def format_text(source: Source) -> str:
    """Print a text in its canonical form.

    Args:
        source: A text without syntax errors.

    Returns:
        A text with the same tree and the same comments in the same order. Formatting it
        again changes nothing.

    Raises:
        DagSpecError: The text has syntax errors.
    """
    file, diagnostics = parse(source)
    if diagnostics:
        raise DagSpecError(diagnostics)
    text = "".join(f"{line}\n" for line in align(_file(file)))
    again, diagnostics = parse(Source(source.name, text))
    if diagnostics or again != file or _comments(again) != _comments(file):
        raise InternalError(f"formatting would change the meaning of {source.name}")
    return text


def _comments(file: File) -> list[str]:
    return [comment.text.rstrip() for comment in file.comments]


def _file(file: File) -> Lines:
    text = file.source.text
    statements = {each.span.start: each for each in file.statements}
    groups = [_pieces(text, each) for each in file.statements]
    inside = {piece.start for group in groups for piece in group}
    for comment in file.comments:
        if comment.span.start not in inside:
            groups.append(cut(text, comment.span.start, comment.span.end))
    groups.sort(key=lambda group: group[0].start)
    lines: Lines = []
    end = None
    for group in groups:
        statement = statements.get(group[0].start)
        block = _statement(text, statement, group) if statement else []
        end = _put(text, lines, block, group, end, 0)
    return lines


def _pieces(text: str, statement: Statement) -> list[Piece]:
    arithmetic = isinstance(statement, Process)
    return cut(text, statement.span.start, statement.span.end, arithmetic=arithmetic)


def _put(
    text: str,
    lines: Lines,
    block: Sequence[Line | None],
    group: Sequence[Piece],
    end: int | None,
    indent: int,
) -> int | None:
    """Put lines below others: a comment behind what it follows, one blank line if any.

    Args:
        text: Where all of it comes from.
        lines: What stands above; it grows.
        block: What is to stand below; unused for a comment.
        group: The pieces that it was made from.
        end: Where what stands above ends; None at the start.
        indent: Of a comment that stands alone.

    Returns:
        Where the last thing that was put there ends.
    """
    first = group[0]
    above = lines[-1] if lines else None
    if first.kind == "comment" and not first.alone and above:
        lines[-1] = above.with_comment(first.text)
        return group[-1].end if end is not None else None
    if end is not None and text.count("\n", end, first.start) > 1:
        lines.append(None)
    lines += [Line((), "", indent, first.text)] if first.kind == "comment" else block
    return group[-1].end


def _statement(text: str, statement: Statement, pieces: Sequence[Piece]) -> Lines:
    head, block = split_block(pieces)
    head = without_breaks(head)
    options = list(split_options(block)) if block is not None else None
    if not options and isinstance(statement, Node):
        options = None
    cells = _cells(statement, head, options)
    fits = sum(len(cell) + 1 for cell in cells if cell) <= WIDTH + 1
    remarks = any(piece.kind == "comment" for piece in pieces)
    opened = bool(options) and bool(block) and block[0].kind in ("newline", "comment")
    if fits and not remarks and not opened:
        kind = "node" if isinstance(statement, Node) else ""
        section = isinstance(statement, Section | Process)
        return [Line(cells, "section" if section else kind)]
    if not options:
        return list(flow(head, 0))
    lines: Lines = list(flow([*head, Piece("mark", "{", 0, 0)], 0))
    end = None
    for option in options:
        end = _put(text, lines, _option(option), option, end, INDENT)
    return [*lines, Line(("}",))]


def _option(pieces: Sequence[Piece]) -> list[Line]:
    pieces = without_breaks(pieces)
    name, value = pieces[0].text, join(pieces[1:])
    short = INDENT + len(name) + 1 + len(value) <= WIDTH
    if short and not any(piece.kind == "comment" for piece in pieces):
        return [Line((name, value), "option", INDENT)]
    return flow(pieces, INDENT)


def _cells(
    statement: Statement,
    head: Sequence[Piece],
    options: Sequence[Sequence[Piece]] | None,
) -> tuple[str, ...]:
    """What stands on one line, cut where columns begin."""
    braces = ""
    if options is not None:
        written = ", ".join(join(without_breaks(option)) for option in options)
        braces = f"{{ {written} }}" if written else "{}"
    if not isinstance(statement, Node):
        return (join(head), braces)
    colon = next(index for index, piece in enumerate(head) if piece.text == ":") + 1
    text = head[-1].text if statement.description else ""
    family = head[colon:-1] if text else head[colon:]
    return (join(head[:colon]), join(family), text, braces)
