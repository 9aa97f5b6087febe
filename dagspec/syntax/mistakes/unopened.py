"""Brackets that close what was never opened."""

from __future__ import annotations

from lark import Token

from dagspec.syntax.layout import CLOSING, OPENING
from dagspec.syntax.mistakes.expected import is_node
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair
from dagspec.syntax.mistakes.pairs import CLOSERS, closer, shape


def in_a_value(failure: Failure) -> Mistake | None:
    """`widths = 32, 64]` and `linear30%)`: what would open it is missing."""
    if failure.inside != "LBRACE":
        return None
    place = failure.separator(failure.at, commas=False)
    equal = _last_sign(failure)
    if place is None or equal is None or failure.text[place] not in ")]":
        return None
    if failure.last_type in ("EQUAL", "TILDE") or not _goes_on(failure, place + 1):
        return None
    mark = failure.text[place]
    opening = "[" if mark == "]" else "("
    name = failure.before[equal - 1]
    error = failure.error(
        "E104",
        f"this `{mark}` closes nothing",
        f"its `{opening}` is missing",
        span=failure.span(place, place + 1),
        labels=(failure.label(name, f"in the value of this {_kind(failure)}"),),
        help=f"write `{opening}` in front of the first "
        f"{'item' if mark == ']' else 'argument'}",
    )
    value = failure.lost_value(place + 1)
    return Mistake(error, Repair(place + 1, (value,), keep=equal + 1))


def anywhere(failure: Failure) -> Mistake | None:
    """A closing bracket where none is open."""
    mark = failure.found.text
    if mark not in CLOSERS or failure.open:
        return None
    sized = is_node(failure) and mark == "]" and "LBRACKET" in failure.expected
    error = failure.error(
        "E104",
        f"this `{mark}` closes nothing",
        "its `[` is missing" if sized else "",
        help="write the size in brackets, such as `[1]`" if sized else "remove it",
    )
    goes_on = not sized and (failure.whole or not failure.before)
    return Mistake(error, Repair(failure.found.end) if goes_on else None)


def of_another_kind(failure: Failure) -> Mistake | None:
    """`[32, 64)`."""
    kind = CLOSERS.get(failure.found.text)
    opened = [failure.before[index] for index in failure.open]
    if kind is None or not opened:
        return None
    inner = opened[-1]
    following = failure.separator(failure.found.end, commas=False)
    if following is not None and failure.text[following] == shape(inner):
        error = failure.error(
            "E104", f"this `{failure.found.text}` closes nothing", help="remove it"
        )
        return Mistake(error, Repair(failure.found.end))
    if OPENING[inner.type] not in failure.expected or CLOSING[kind] == inner.type:
        return None
    error = failure.error(
        "E104",
        f"`{failure.found.text}` cannot close `{inner}`",
        f"expected `{shape(inner)}`",
        labels=(failure.label(inner, "opened here"),),
        help=f"write `{shape(inner)}`",
    )
    return Mistake(error, Repair(failure.found.end, (closer(failure, inner),)))


def _goes_on(failure: Failure, at: int) -> bool:
    """Whether the block goes on behind a bracket."""
    after = failure.look(failure.skip_space(at))
    lines = any(token.type == "_NEWLINE" for token in failure.before)
    return after.text in (",", "}") or (after.kind == "newline" and lines)


def _last_sign(failure: Failure) -> int | None:
    """Index of the `=` of the option that was read last, in the innermost braces."""
    depth = 0
    for index in range(len(failure.before) - 1, failure.open[-1], -1):
        token: Token = failure.before[index]
        depth += (token.type in CLOSING) - (token.type in OPENING)
        if token.type == "_NEWLINE" and depth == 0:
            return None
        if token.type in ("EQUAL", "TILDE") and depth == 0:
            return index
    return None


def _kind(failure: Failure) -> str:
    return "variable" if failure.head == "PROCESS" else "option"
