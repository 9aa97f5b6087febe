"""Brackets come in pairs: which belongs to which, and which are open."""

from __future__ import annotations

from collections.abc import Iterable

from lark import Token

from dagspec.syntax.layout import CLOSING, OPENING
from dagspec.syntax.mistakes.failure import Failure

SHAPES = {"RPAR": ")", "RBRACKET": "]", "RBRACE": "}"}
CLOSERS = {shape: kind for kind, shape in SHAPES.items()}


def shape(opening: Token) -> str:
    """What closes this bracket."""
    return SHAPES[OPENING[opening.type]]


def closer(failure: Failure, opening: Token, at: int | None = None) -> Token:
    """The token that closes this bracket."""
    return failure.token(OPENING[opening.type], shape(opening), at)


def still_open(tokens: Iterable[Token]) -> list[Token]:
    """The opening brackets among the tokens whose partners are not, innermost last."""
    opened: list[Token] = []
    for token in tokens:
        if token.type in OPENING:
            opened.append(token)
        elif token.type in CLOSING:
            opened.pop()
    return opened
