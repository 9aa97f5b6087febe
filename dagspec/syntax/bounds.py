"""How much is read: more than any file needs, and less than a machine can hold."""

from __future__ import annotations

from typing import Literal

# What reads the tree may recurse into brackets; a statement is held in memory whole.
MOST_BRACKETS = 20
MOST_TOKENS = 100_000
MOST_STATEMENTS = 500_000
# Nobody reads more messages; a file of another kind would have millions.
MOST_MISTAKES = 1000


class TooMuchError(Exception):
    """One of the bounds is passed at an offset of the text."""

    def __init__(
        self, bound: Literal["brackets", "tokens", "statements"], offset: int
    ) -> None:
        super().__init__(bound, offset)
        self.bound = bound
        self.offset = offset
