"""From the parser's reductions to values: one method a rule of grammar.lark.

A literal that cannot be read is reported here and becomes a `Lost`, which takes with it
the option or the size that it stands in: nobody is told the same thing twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias, TypeVar, cast

from lark import Token, Transformer, v_args  # pyright: ignore[reportUnknownVariableType]

from dagspec.diagnostic import Diagnostic, Source, Span
from dagspec.syntax import tree
from dagspec.syntax.bounds import MOST_MISTAKES
from dagspec.syntax.literals import read_number, read_string


class Lost:
    """Stands for a value that was reported because it could not be read."""


LOST = Lost()
# `2a`, but neither `2e` nor `0x1f`, which are bad numbers.
_PRODUCT = re.compile(r"([1-9][0-9]*(?:\.[0-9]+)?)((?![eE]|steps|epochs)[A-Za-z]\w*)")
ClassT = TypeVar("ClassT", bound=type[object])
MaybeValue: TypeAlias = tree.Value | Lost


def inline(builder: ClassT) -> ClassT:
    """Let each rule's method take the rule's parts as its arguments."""
    decorate = cast("Callable[[ClassT], ClassT]", v_args(inline=True))
    return decorate(builder)


@inline
class Values(Transformer[Token, None]):
    """Builds values while the parser runs.

    Attributes:
        source: What is being read.
        diagnostics: What is wrong with literals.
    """

    def __init__(self) -> None:
        super().__init__()
        self.source = Source("", "")
        self.diagnostics: list[Diagnostic] = []

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

    # The same within expressions.
    expressions, application, named_expression = list, call, argument

    def constant(self, literal: Token) -> tree.Number | Lost:
        """A number of an expression: no sign, no unit."""
        if match := _PRODUCT.fullmatch(literal):
            return self._lose(_product(match, self._span(literal)))
        number = self.number(literal, None)
        if isinstance(number, tree.Number) and number.unit:
            return self._lose(_unit(number))
        return number

    def group(self, opening: Token, value: MaybeValue, closing: Token) -> MaybeValue:
        """An expression in parentheses, which are a part of its place."""
        if not isinstance(value, tree.Operation):
            return value
        return replace(value, span=self._span(opening).to(self._span(closing)))

    def negative(self, sign: Token, value: MaybeValue) -> tree.Operation | Lost:
        """A minus before what it negates."""
        if isinstance(value, Lost):
            return value
        return tree.Operation("-", (value,), self._span(sign).to(value.span))

    def sum(
        self, left: MaybeValue, sign: Token, right: MaybeValue
    ) -> tree.Operation | Lost:
        """An operator between its two operands."""
        if isinstance(left, Lost) or isinstance(right, Lost):
            return LOST
        operator = cast("tree.Operator", str(sign))
        return tree.Operation(operator, (left, right), left.span.to(right.span))

    product = power = sum

    def comparison(self, *parts: MaybeValue | Token) -> tree.Operation | Lost:
        """A comparison of two; of more it would mean one thing here, another there."""
        if len(parts) == 3:
            left, sign, right = cast("tuple[MaybeValue, Token, MaybeValue]", parts)
            return self.sum(left, sign, right)
        signs = cast("tuple[Token, ...]", parts[1::2])
        operands = [
            part if isinstance(part, Lost) else part.span
            for part in cast("tuple[MaybeValue, ...]", parts[::2])
        ]
        spans = [span for span in operands if isinstance(span, Span)]
        if len(spans) < len(operands):
            return LOST
        return self._lose(_chain(signs, spans))

    def _lose(self, diagnostic: Diagnostic) -> Lost:
        if len(self.diagnostics) < MOST_MISTAKES:
            self.diagnostics.append(diagnostic)
        return LOST

    def _identifier(self, token: Token) -> tree.Identifier:
        return tree.Identifier(str(token), self._span(token))

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start_pos or 0, token.end_pos or 0)


def _product(match: re.Match[str], span: Span) -> Diagnostic:
    message = f"`{match[0]}` is neither a number nor a name"
    help = f"write `{match[1]} * {match[2]}`"
    return Diagnostic("error", "E108", message, span, help=help)


def _unit(number: tree.Number) -> Diagnostic:
    return Diagnostic(
        "error",
        "E110",
        "a number of the process has no unit",
        number.span,
        help=f"write the number alone, without `{number.unit}`",
    )


def _chain(signs: Sequence[Token], spans: Sequence[Span]) -> Diagnostic:
    """What is wrong with `a < b < c`, and what means the same."""
    texts = [span.source.text[span.start : span.end] for span in spans]
    pairs = zip(pairwise(texts), signs, strict=True)
    parts = [f"({left} {sign} {right})" for (left, right), sign in pairs]
    written = " * ".join(parts)
    return Diagnostic(
        "error",
        "E131",
        "comparisons cannot be chained",
        spans[0].to(spans[-1]),
        f"{len(signs)} comparisons",
        help=f"write `{written}`, which is 1 where all of them hold"
        if len(written) < 80 and "\n" not in written
        else "multiply comparisons in parentheses: `(a < b) * (b < c)`",
    )
