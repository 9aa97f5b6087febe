"""How much is read: more than any file needs, and less than a machine can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dagspec.syntax.tree import Call, Operation, Value
from dagspec.syntax.tree import Sequence as Listed

# What reads the tree may recurse into brackets; a statement is held in memory whole.
MOST_BRACKETS = 20
MOST_OPERATIONS = 64
MOST_TOKENS = 100_000
MOST_STATEMENTS = 500_000
# Nobody reads more messages; a file of another kind would have millions.
MOST_MISTAKES = 1000


def deeper_than(most: int, value: Value) -> bool:
    """Whether more operations, calls and lists than that lie within one another.

    Counted without recursion, since nobody knows yet how deep they are.
    """
    layer: Sequence[Value] = (value,)
    for _ in range(most + 1):
        layer = [part for outer in layer for part in _parts(outer)]
        if not layer:
            return False
    return True


def _parts(value: Value) -> Sequence[Value]:
    match value:
        case Operation():
            return value.operands
        case Call():
            return [argument.value for argument in value.arguments]
        case Listed():
            return value.items
        case _:
            return ()


class TooMuchError(Exception):
    """One of the bounds is passed at an offset of the text."""

    def __init__(
        self, bound: Literal["brackets", "tokens", "statements"], offset: int
    ) -> None:
        super().__init__(bound, offset)
        self.bound = bound
        self.offset = offset
