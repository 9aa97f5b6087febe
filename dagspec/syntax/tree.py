"""What was written: declarations with their places, before anyone knows their sense.

Spans do not take part in equality, so two texts that differ in layout only have equal
trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dagspec.diagnostic import Source, Span

Keyword = Literal["observe", "latent", "ladder"]
SectionName = Literal["features", "inference", "objective", "training"]
Sign = Literal["~", "="]
Operator = Literal["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A bare name."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `unit` is `steps`, `epochs`, `%` or None."""

    value: int | float
    unit: str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string, decoded."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false` in value position."""

    value: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """`[a, b, …]`."""

    items: tuple[Value, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; `name` is None for a positional one."""

    name: Identifier | None
    value: Value
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`name(x, key = y)`."""

    name: Identifier
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """`a + b`, or `-a` where there is one operand; only in `process`."""

    operator: Operator
    operands: tuple[Value, ...]
    span: Span = field(compare=False, repr=False)


Value: TypeAlias = Number | Text | Boolean | Identifier | Sequence | Call | Operation


@dataclass(frozen=True, slots=True)
class Option:
    """`name = value` inside braces."""

    name: Identifier
    value: Value
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """`model NAME "one line"`."""

    name: Identifier
    description: Text | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Node:
    """`observe`, `latent` or `ladder`: names, a family, a size in brackets, options.

    `size` holds the values between the brackets; it is None where the brackets are
    missing.
    """

    keyword: Keyword
    names: tuple[Identifier, ...]
    family: Identifier
    size: Sequence | None
    description: Text | None
    options: tuple[Option, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Edge:
    """`a, b -> c, d` or `a -> b -> c`: all of a group point to all of the next."""

    groups: tuple[tuple[Identifier, ...], ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """`features { … }` and its like."""

    name: Identifier
    options: tuple[Option, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name ~ call` or `name = expression`; `place` is where the sign stands."""

    name: Identifier
    sign: Sign
    value: Value
    place: Span = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Process:
    """`process { … }`; `name` is the keyword."""

    name: Identifier
    assignments: tuple[Assignment, ...]
    span: Span = field(compare=False, repr=False)


Statement: TypeAlias = Header | Node | Edge | Section | Process


@dataclass(frozen=True, slots=True)
class Comment:
    """A `#` comment, from its `#` to the end of the line."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A whole source: its statements in the order written, and its comments."""

    source: Source = field(compare=False, repr=False)
    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...] = field(compare=False, default=())
