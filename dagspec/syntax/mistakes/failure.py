"""The point at which the parser could not go on, and what it knew there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lark import Token

from dagspec.diagnostic import Diagnostic, Label, Source, Span
from dagspec.syntax.layout import CLOSING, OPENING

# A name or a keyword in column 1 begins a statement, unless it is an option of an open
# block.
STATEMENT = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*+(?![ \t]*(?:=(?!>)|~))", re.MULTILINE)

_FOUND = re.compile(
    r"(?P<newline>\r?\n)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>[-+]?\.?[0-9](?:[eE][-+]|[0-9A-Za-z_.])*)"
    r'|(?P<string>"(?:[^"\\\r\n]|\\[^\r\n])*")'
    r"|(?P<mark><?[-=~]+>|<[-=~]+|<>|[=!:]=|//|/\*|--|\*\*|(?s:.))"
)
_BRACKET = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*"|#[^\r\n]*|[\[({]|[\])}]')
_SEPARATOR = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*"|#[^\r\n]*|[\[({\])},\n]')
_CODE = re.compile(r'(?:"(?:[^"\\\r\n]|\\[^\r\n])*"|[^#\r\n])*')
_SPACE = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")


@dataclass(frozen=True)
class Found:
    """A `word`, `number`, `string`, `mark`, `newline` or `end`, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Repair:
    """How to go on as if the mistake had not been made.

    Attributes:
        resume: Offset at which to go on reading.
        add: Tokens to put in before that.
        keep: How many tokens of the statement to keep; None keeps them all.
    """

    resume: int
    add: tuple[Token, ...] = ()
    keep: int | None = None


@dataclass(frozen=True)
class Mistake:
    """What to tell the user; without a repair the statement is lost."""

    diagnostic: Diagnostic
    repair: Repair | None = None


@dataclass(frozen=True)
class Failure:
    """Where the parser stopped.

    Attributes:
        source: What is being read.
        at: Offset of what could not be taken.
        before: Tokens of the statement that were taken.
        expected: Terminals that could have been taken.
    """

    source: Source
    at: int
    before: Sequence[Token] = field(repr=False)
    expected: frozenset[str]

    @property
    def text(self) -> str:
        """The whole text."""
        return self.source.text

    @cached_property
    def found(self) -> Found:
        """What could not be taken."""
        return self.look(self.at)

    @cached_property
    def next(self) -> Found:
        """What follows it on its line."""
        return self.look(self.skip_space(self.found.end))

    @cached_property
    def open(self) -> tuple[int, ...]:
        """Indices in `before` of the brackets that are open, innermost last."""
        opened: list[int] = []
        for index, token in enumerate(self.before):
            if token.type in OPENING:
                opened.append(index)
            elif token.type in CLOSING:
                opened.pop()
        return tuple(opened)

    @property
    def inside(self) -> str:
        """Type of the innermost open bracket, or nothing."""
        return self.before[self.open[-1]].type if self.open else ""

    @property
    def start(self) -> int:
        """Offset at which the statement begins."""
        return (self.before[0].start_pos or 0) if self.before else self.at

    @property
    def head(self) -> str:
        """Type of the statement's first token, or nothing."""
        return self.before[0].type if self.before else ""

    @property
    def last(self) -> Token | None:
        """The last token that was taken."""
        return self.before[-1] if self.before else None

    @property
    def last_type(self) -> str:
        """Type of the last token that was taken, or nothing."""
        return self.before[-1].type if self.before else ""

    @cached_property
    def whole(self) -> bool:
        """Whether the statement could have ended here."""
        return not self.open and bool(self.before) and "_NEWLINE" in self.expected

    def look(self, at: int) -> Found:
        """What stands at an offset."""
        match = _FOUND.match(self.text, at)
        if match is None:
            return Found("end", "", at, at)
        return Found(str(match.lastgroup), match[0], match.start(), match.end())

    def skip_space(self, at: int) -> int:
        """Offset of the next thing on the same line."""
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def skip_blank(self, at: int) -> int:
        """Offset of the next thing, on this line or a later one."""
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def line_start(self, at: int) -> int:
        """Offset of the first character of the line."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Offset of the line's break."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[at:end].endswith("\r") else end

    def code_end(self, at: int) -> int:
        """Offset after the last thing on the line that is no comment."""
        match = _CODE.match(self.text, at)
        return at + len(match[0].rstrip()) if match else at

    def closed(self, start: int) -> int | None:
        """Offset behind the bracket that closes the one at `start`, if one does."""
        end = self.statement_end(start)
        depth = 0
        for match in _BRACKET.finditer(self.text, start, end):
            depth += (match[0] in "[({") - (match[0] in "])}")
            if depth == 0:
                return match.end()
        return None

    def statement_end(self, start: int) -> int:
        """Where the next statement begins, if not too far away to look for."""
        far = min(len(self.text), start + 10_000)
        following = STATEMENT.search(self.text, start + 1, far)
        return following.start() if following else far

    def separator(self, start: int, commas: bool = True) -> int | None:
        """Offset of the `,`, new line or bracket that ends what stands at `start`."""
        end = self.statement_end(start)
        depth = 0
        for match in _SEPARATOR.finditer(self.text, start, end):
            mark = match[0]
            ends = mark in "])}" or (mark == "," and commas)
            if depth == 0 and (ends or (mark == "\n" and self.inside == "LBRACE")):
                return match.start()
            depth += (mark in "[({") - (mark in "])}")
        return None

    def span(self, start: int, end: int) -> Span:
        """A span of this source."""
        return Span(self.source, start, end)

    def span_of(self, token: Token) -> Span:
        """Where a token stands."""
        return Span(self.source, token.start_pos or 0, token.end_pos or 0)

    def token(
        self, kind: str, text: str, start: int | None = None, end: int | None = None
    ) -> Token:
        """A token that should stand here, or in place of `start` to `end`."""
        begin = self.at if start is None else start
        return Token(kind, text, start_pos=begin, end_pos=begin if end is None else end)

    def lost_value(self, end: int | None = None) -> Token:
        """A value, up to `end`, whose option the builder is to drop without a word."""
        kind = "UNSIGNED" if self.head == "PROCESS" else "NUMBER"
        return self.token(kind, "", self.at, end)

    def written(self, token: Token) -> str:
        """What stands in the text where a token is, or would be."""
        return self.text[token.start_pos or 0 : token.end_pos] or str(token)

    def label(self, token: Token, text: str) -> Label:
        """Something to say about a token."""
        return Label(self.span_of(token), text)

    def error(
        self,
        code: str,
        message: str,
        label: str = "",
        *,
        span: Span | None = None,
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        help: str | None = None,
    ) -> Diagnostic:
        """An error, at what was found unless another span is given."""
        place = span or self.span(self.found.start, self.found.end)
        return Diagnostic("error", code, message, place, label, labels, notes, help)
