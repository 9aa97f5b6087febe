"""Which new lines mean something: a filter between the lexer and the parser.

The innermost open bracket decides: inside `(` and `[` a new line is space, inside `{`
it separates options, outside it ends the statement. After `,` and `->` it is space
everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lark import Token

from dagspec.syntax.bounds import MOST_BRACKETS, MOST_TOKENS, TooMuchError

OPENING = {"LBRACE": "RBRACE", "LBRACKET": "RBRACKET", "LPAR": "RPAR"}
CLOSING = {closer: opener for opener, closer in OPENING.items()}


class Layout:
    """Drops the new lines that are space; never holds a token back.

    The contextual lexer picks the next token by the parser's state, so looking ahead
    here would put it out of step. A token counts as read once the parser has taken it.

    Attributes:
        read: Tokens of the statement so far.
        open: Types of the brackets that are open, innermost last.
    """

    always_accept = ("_NEWLINE",)

    def __init__(self) -> None:
        self.read: list[Token] = []
        self.open: list[str] = []

    def begin(self) -> None:
        """Forget the statement: another one begins."""
        self.read.clear()
        self.open.clear()

    def process(self, stream: Iterable[Token]) -> Iterator[Token]:
        """Pass on the tokens of `stream` that mean something."""
        read, opened = self.read, self.open
        for token in stream:
            kind = token.type
            if kind == "_NEWLINE":
                if read and read[-1].type in ("COMMA", "ARROW"):
                    continue
                if opened and opened[-1] != "LBRACE":
                    continue
                yield token
                if opened:
                    read.append(token)
                else:
                    read.clear()
                continue
            if kind in OPENING and len(opened) == MOST_BRACKETS:
                raise TooMuchError("brackets", token.start_pos or 0)
            if len(read) == MOST_TOKENS:
                raise TooMuchError("tokens", token.start_pos or 0)
            yield token
            read.append(token)
            if kind in OPENING:
                opened.append(kind)
            elif kind in CLOSING:
                opened.pop()
