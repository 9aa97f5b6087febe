"""The pieces that a statement is made of, for whoever lays it out anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PIECE = (
    r"(?P<comment>#[^\r\n]*)"
    r'|(?P<string>"(?:[^"\\\r\n]|\\[^\r\n])*")'
    r"|(?P<number>SIGN[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>->|\*\*|[<>=!]=|[{}\[\](),:=%~+\-*/<>])"
    r"|(?P<newline>\n)"
)
# In a process a minus is an operator, elsewhere it is a part of its number.
_PLAIN = re.compile(_PIECE.replace("SIGN", "-?"))
_ARITHMETIC = re.compile(_PIECE.replace("SIGN", ""))
_OPENING, _CLOSING = "{[(", "}])"
_SPACE, _OPERANDS = ("newline", "comment"), ("word", "number")


@dataclass(frozen=True)
class Piece:
    """A token, a comment or a line break, and the offsets where it stands.

    A minus with one operand is a `sign`, one with two is a `mark`.
    """

    kind: str
    text: str
    start: int
    end: int
    alone: bool = False


def cut(text: str, start: int, end: int, *, arithmetic: bool = False) -> list[Piece]:
    """The pieces of a legal stretch of text; a comment may stand alone on its line."""
    pieces: list[Piece] = []
    pattern = _ARITHMETIC if arithmetic else _PLAIN
    for match in pattern.finditer(text, start, end):
        kind, written = str(match.lastgroup), match[0]
        alone = False
        if kind == "comment":
            written = written.rstrip()
            line = text.rfind("\n", 0, match.start()) + 1
            alone = not text[line : match.start()].strip()
        if written == "-" and not _is_operand(pieces):
            kind = "sign"
        pieces.append(Piece(kind, written, match.start(), match.end(), alone))
    return pieces


def _is_operand(pieces: Sequence[Piece]) -> bool:
    """Whether an operand ends where the pieces do."""
    last = next((p for p in reversed(pieces) if p.kind not in _SPACE), None)
    return last is not None and (last.kind in _OPERANDS or last.text in _CLOSING)


def without_breaks(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without line breaks and without commas before a closing bracket."""
    kept: list[Piece] = []
    for piece in pieces:
        if piece.kind == "newline":
            continue
        if piece.text in ("]", ")"):
            last = next((p for p in reversed(kept) if p.kind != "comment"), None)
            if last and last.text == ",":
                kept.remove(last)
        kept.append(piece)
    return kept


def split_block(
    pieces: Sequence[Piece],
) -> tuple[Sequence[Piece], Sequence[Piece] | None]:
    """What stands before the braces of a statement, and what stands within."""
    for index, piece in enumerate(pieces):
        if piece.text == "{":
            return pieces[:index], pieces[index + 1 : -1]
    return pieces, None


def split_options(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Options and comments of a block, one after the other."""
    depth = 0
    item: list[Piece] = []
    for piece in pieces:
        ends = piece.kind == "newline" or piece.text == ","
        if depth == 0 and (ends or piece.kind == "comment"):
            if item:
                yield item
            item = []
            if piece.kind == "comment":
                yield [piece]
            continue
        depth += (piece.text in _OPENING) - (piece.text in _CLOSING)
        item.append(piece)
    if item:
        yield item


def join(pieces: Sequence[Piece]) -> str:
    """The pieces on one line, spaced as the language is printed."""
    line = ""
    last: Piece | None = None
    for piece in pieces:
        line += (" " if last and spaced(last, piece) else "") + piece.text
        last = piece
    return line


def spaced(left: Piece, right: Piece) -> bool:
    """Whether a space stands between two pieces."""
    if right.text in (",", ":", "]", ")", "%") or left.text in ("[", "("):
        return False
    if left.kind == "sign" or (left.kind == "word" and right.text in ("[", "(")):
        return False
    return not (left.text == "{" and right.text == "}")
