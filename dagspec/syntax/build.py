"""From the parser's reductions to the tree: one method a rule of grammar.lark."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias, cast

from lark import Token

from dagspec.diagnostic import Diagnostic, Source, Span
from dagspec.syntax import tree
from dagspec.syntax.bounds import (
    MOST_OPERATIONS,
    MOST_STATEMENTS,
    TooMuchError,
    deeper_than,
)
from dagspec.syntax.values import Lost, MaybeValue, Values, inline

Names: TypeAlias = tuple[tree.Identifier, ...]
Block: TypeAlias = tuple[tuple[tree.Option, ...], int]
Assignments: TypeAlias = tuple[tuple[tree.Assignment, ...], int]


@inline
class Builder(Values):
    """Builds declarations while the parser runs.

    Attributes:
        statements: Whole statements in the order written.
        comments: Comments in the order written.
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

    def process(self, keyword: Token, block: Assignments) -> None:
        """A process."""
        assignments, end = block
        span = Span(self.source, keyword.start_pos or 0, end)
        self._add(tree.Process(self._identifier(keyword), assignments, span))

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

    def assignments(self, *parts: tree.Assignment | Lost | Token) -> Assignments:
        """The lines of a process, and where its braces end."""
        lines = tuple(part for part in parts if isinstance(part, tree.Assignment))
        return lines, self._span(cast("Token", parts[-1])).end

    def assignment(
        self, name: Token, sign: Token, value: MaybeValue
    ) -> tree.Assignment | Lost:
        """A line of a process."""
        if isinstance(value, Lost):
            return value
        if deeper_than(MOST_OPERATIONS, value):
            return self._lose(_too_deep(value))
        identifier = self._identifier(name)
        return tree.Assignment(
            identifier,
            cast("tree.Sign", str(sign)),
            value,
            self._span(sign),
            identifier.span.to(value.span),
        )


def _too_deep(value: tree.Value) -> Diagnostic:
    return Diagnostic(
        "error",
        "E121",
        f"this has more than {MOST_OPERATIONS} operations within one another",
        value.span,
        help="compute a part of it on a line of its own, and use its name",
    )


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
