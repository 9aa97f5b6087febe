"""More than is read: brackets, tokens, statements or mistakes without end."""

from __future__ import annotations

from dagspec.diagnostic import Diagnostic
from dagspec.syntax.bounds import (
    MOST_BRACKETS,
    MOST_MISTAKES,
    MOST_STATEMENTS,
    MOST_TOKENS,
)
from dagspec.syntax.mistakes.expected import reading
from dagspec.syntax.mistakes.failure import Failure


def too_much(failure: Failure, bound: str) -> Diagnostic:
    """A text, or a statement of it, that passes one of the bounds."""
    if bound == "brackets":
        return failure.error(
            "E121",
            f"brackets are nested deeper than {MOST_BRACKETS} {reading(failure)}",
            f"this would be number {MOST_BRACKETS + 1}",
        )
    if bound == "tokens":
        return failure.error(
            "E130",
            "this statement is too long to be read",
            f"more than {MOST_TOKENS:,} names, numbers and signs",
            help="write several statements",
        )
    return failure.error(
        "E130",
        f"more than {MOST_STATEMENTS:,} statements: the rest of the file is not read",
        help="`a, b -> c, d` draws four edges in one statement",
    )


def too_many_mistakes(failure: Failure) -> Diagnostic:
    """A text with so many mistakes that it is probably something else."""
    return failure.error(
        "E130",
        f"more than {MOST_MISTAKES:,} mistakes: the rest of the file is not read",
        help="is this a `.dag` file?",
    )
