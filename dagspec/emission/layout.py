"""Python expressions laid out as `ruff format` lays them out, without running it.

An expression stands on one line where it fits, else with one item a line and a trailing
comma, which a formatter keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LINE_LENGTH = 88
INDENT = "    "


@dataclass(frozen=True)
class Group:
    """Items between brackets.

    Attributes:
        opening: What stands before the first item, such as `Encoder(` or `hidden=(`.
        items: Pairs of an expression and a comment, which may be empty.
        closing: The closing bracket.
        explode: Whether each item has a line of its own even where all would fit.
    """

    opening: str
    items: tuple[tuple[Expression, str], ...]
    closing: str
    explode: bool = False


Expression: TypeAlias = str | Group


def group(
    opening: str, items: Sequence[Expression], closing: str, explode: bool = False
) -> Group:
    """A group without comments."""
    return Group(opening, tuple((item, "") for item in items), closing, explode)


def entry(key: str, value: Expression) -> Expression:
    """An entry of a dictionary."""
    if isinstance(value, str):
        return f"{key}: {value}"
    return Group(f"{key}: {value.opening}", value.items, value.closing, value.explode)


def entries(opening: str, values: Mapping[int, int]) -> Expression:
    """A dictionary from numbers to numbers."""
    return group(opening, [entry(str(k), str(v)) for k, v in values.items()], "}")


def names(values: Sequence[str], prefix: str = "") -> Expression:
    """A tuple of strings."""
    if not values:
        return f"{prefix}()"
    items = [string(value) for value in values]
    if len(items) == 1:
        return Group(f"{prefix}(", ((items[0], ""),), ",)")
    return group(f"{prefix}(", items, ")")


def numbers(values: Sequence[int]) -> str:
    """A tuple of whole numbers."""
    inner = ", ".join(map(str, values))
    return f"({inner},)" if len(values) == 1 else f"({inner})"


def string(text: str) -> str:
    """A string literal with the quotes that a formatter prefers."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(_escape(letter, quote) for letter in text)
    return f"{quote}{body}{quote}"


def lay_out(expression: Expression, indent: int, suffix: str = "") -> str:
    """An expression as lines, the first without its indentation.

    Args:
        expression: What to lay out; it may start with `name = `.
        indent: Depth of the statement that it belongs to.
        suffix: What follows on the last line.
    """
    flat = _flatten(expression)
    room = LINE_LENGTH - len(INDENT) * indent
    if isinstance(expression, str) or (
        flat is not None and len(flat) + len(suffix) <= room
    ):
        return (flat or "") + suffix
    inner = INDENT * (indent + 1)
    lines = [expression.opening]
    for item, comment in expression.items:
        line = inner + lay_out(item, indent + 1, ",")
        width = len(line.rpartition("\n")[2]) + len(comment) + 4
        lines.append(
            f"{line}  # {comment}" if comment and width <= LINE_LENGTH else line
        )
    closing = expression.closing.removeprefix(",")
    lines.append(f"{INDENT * indent}{closing}{suffix}")
    return "\n".join(lines)


def _flatten(expression: Expression) -> str | None:
    """The expression on one line; None where it must not be."""
    if isinstance(expression, str):
        return expression
    if expression.explode or any(comment for _, comment in expression.items):
        return None
    parts = [_flatten(item) for item, _ in expression.items]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return expression.opening + ", ".join(known) + expression.closing


def _escape(letter: str, quote: str) -> str:
    if letter in {quote, "\\"}:
        return "\\" + letter
    if letter == "\n":
        return "\\n"
    if letter.isascii() and letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"
