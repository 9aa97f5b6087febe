"""From the parser's reductions to the tree: one method a rule of grammar.lark.

A literal that cannot be read is reported here and becomes a `Lost`, which takes with it
the option or the size that it stands in: nobody is told the same thing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias, cast

from lark import Token, Transformer, v_args  # pyright: ignore[reportUnknownVariableType]

from dagspec.diagnostic import Diagnostic, Source, Span
from dagspec.syntax import tree
from dagspec.syntax.bounds import MOST_MISTAKES, MOST_STATEMENTS, TooMuchError
from dagspec.syntax.literals import read_number, read_string


class Lost:
    """Stands for a value that was reported because it could not be read."""


LOST = Lost()
# Each rule's method takes the rule's parts as its arguments.
_inline = cast("Callable[[type[Builder]], type[Builder]]", v_args(inline=True))

Names: TypeAlias = tuple[tree.Identifier, ...]
MaybeValue: TypeAlias = tree.Value | Lost
Block: TypeAlias = tuple[tuple[tree.Option, ...], int]


@_inline
class Builder(Transformer[Token, None]):
    """Builds declarations while the parser runs.

    Attributes:
        source: What is being read.
        statements: Whole statements in the order written.
        comments: Comments in the order written.
        diagnostics: What is wrong with literals.
    """

    def __init__(self) -> None:
        super().__init__()
        self.begin(Source("", ""))

    def begin(self, source: Source) -> None:
        """Forget everything; what comes next stands in `source`."""
        self.source = source
        self.statements: list[tree.Statement] = []
        self.comments: list[tree.Comment] = []
        self.diagnostics: list[Diagnostic] = []

    def comment(self, token: Token) -> Token:
        """Keep a comment; the lexer calls this, since the parser never sees one."""
        self.comments.append(tree.Comment(str(token), self._span(token)))
        return token

    def _add(self, statement: tree.Statement) -> None:
        if len(self.statements) == MOST_STATEMENTS:
            raise TooMuchError("statements", statement.span.start)
        self.statements.append(statement)

    def header(
        self, keyword: Token, name: Token, text: tree.Text | Lost | None
    ) -> None:
        """A header."""
        identifier = self._identifier(name)
        description = text if isinstance(text, tree.Text) else None
        span = self._span(keyword).to((description or identifier).span)
        self._add(tree.Header(identifier, description, span))

    def node(
        self,
        keyword: Token,
        names: Names,
        family: Token,
        size: tree.Sequence | Lost | None,
        text: tree.Text | Lost | None,
        block: Block | None,
    ) -> None:
        """A node, unless its size was lost."""
        if isinstance(size, Lost):
            return
        description = text if isinstance(text, tree.Text) else None
        options, end = block or ((), 0)
        end = end or (description or size or self._identifier(family)).span.end
        self._add(
            tree.Node(
                cast("tree.Keyword", str(keyword)),
                names,
                self._identifier(family),
                size,
                description,
                options,
                Span(self.source, keyword.start_pos or 0, end),
            )
        )

    def edge(self, *groups: Names) -> None:
        """An edge, or several in a chain."""
        span = groups[0][0].span.to(groups[-1][-1].span)
        wide = next((group for group in groups if len(group) > 1), None)
        if wide and len(groups) > 2:
            self._lose(_wide_chain(wide, groups))
        self._add(tree.Edge(groups, span))

    def section(self, keyword: Token, block: Block) -> None:
        """A section."""
        options, end = block
        span = Span(self.source, keyword.start_pos or 0, end)
        self._add(tree.Section(self._identifier(keyword), options, span))

    def names(self, *tokens: Token) -> Names:
        """Names with commas between."""
        return tuple(map(self._identifier, tokens))

    parents = names

    def block(self, *parts: tree.Option | Lost | Token) -> Block:
        """The options within braces, and where the braces end."""
        options = tuple(part for part in parts if isinstance(part, tree.Option))
        return options, self._span(cast("Token", parts[-1])).end

    def option(self, name: Token, value: MaybeValue) -> tree.Option | Lost:
        """An option."""
        if isinstance(value, Lost):
            return value
        identifier = self._identifier(name)
        return tree.Option(identifier, value, identifier.span.to(value.span))

    def number(self, literal: Token, unit: Token | None) -> tree.Number | Lost:
        """A number, with its unit if it has one."""
        if not literal or unit == "":
            return LOST
        span = self._span(literal)
        number = read_number(literal, span, unit and str(unit))
        if isinstance(number, Diagnostic):
            return self._lose(number)
        value, written = number
        return tree.Number(value, written, span.to(self._span(unit)) if unit else span)

    def text(self, literal: Token) -> tree.Text | Lost:
        """A string."""
        span = self._span(literal)
        text = read_string(literal, span)
        if isinstance(text, Diagnostic):
            return self._lose(text)
        return tree.Text(text, span)

    def boolean(self, literal: Token) -> tree.Boolean:
        """`true` or `false`."""
        return tree.Boolean(literal == "true", self._span(literal))

    def name(self, token: Token) -> tree.Identifier:
        """A name as a value."""
        return self._identifier(token)

    def list(self, opening: Token, *parts: MaybeValue | Token) -> tree.Sequence | Lost:
        """A list."""
        *items, closing = parts
        if any(isinstance(item, Lost) for item in items):
            return LOST
        values = cast("list[tree.Value]", items)
        span = self._span(opening).to(self._span(cast("Token", closing)))
        return tree.Sequence(tuple(values), span)

    def call(
        self, name: Token, *parts: tree.Argument | Lost | Token
    ) -> tree.Call | Lost:
        """A call."""
        *items, closing = parts
        if any(isinstance(item, Lost) for item in items):
            return LOST
        arguments = cast("list[tree.Argument]", items)
        identifier = self._identifier(name)
        span = identifier.span.to(self._span(cast("Token", closing)))
        return tree.Call(identifier, tuple(arguments), span)

    def argument(self, name: Token | None, value: MaybeValue) -> tree.Argument | Lost:
        """An argument of a call."""
        if isinstance(value, Lost):
            return value
        identifier = None if name is None else self._identifier(name)
        span = identifier.span.to(value.span) if identifier else value.span
        return tree.Argument(identifier, value, span)

    def _lose(self, diagnostic: Diagnostic) -> Lost:
        if len(self.diagnostics) < MOST_MISTAKES:
            self.diagnostics.append(diagnostic)
        return LOST

    def _identifier(self, token: Token) -> tree.Identifier:
        return tree.Identifier(str(token), self._span(token))

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start_pos or 0, token.end_pos or 0)


def _wide_chain(wide: Names, groups: tuple[Names, ...]) -> Diagnostic:
    written = [", ".join(name.text for name in group) for group in groups]
    lines = [f"`{left} -> {right}`" for left, right in pairwise(written)]
    return Diagnostic(
        "error",
        "E118",
        "a chain of arrows joins single names, not groups",
        wide[0].span.to(wide[-1].span),
        "a group",
        help=f"write one line for each arrow: {' and '.join(lines)}"
        if len(lines) == 2 and sum(map(len, lines)) < 80
        else "write one line for each arrow",
    )
