"""Numbers with a unit that is none, and numbers cut in two."""

from __future__ import annotations

from dagspec.syntax.literals import nearest_unit
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair


def unknown_unit(failure: Failure) -> Mistake | None:
    """`30 percent` and `500 step`."""
    found, last = failure.found, failure.last
    if "UNIT" not in failure.expected or found.kind != "word" or not last:
        return None
    if "\n" in failure.text[last.end_pos or 0 : failure.at] or failure.next.text == "=":
        return None
    meant = nearest_unit(found.text)
    shown = f"{last}%" if meant == "%" else f"{last} {meant}"
    error = failure.error(
        "E110",
        f"there is no unit `{found.text}`",
        notes=() if meant else ("the units are `steps`, `epochs` and `%`",),
        help=f"write `{shown}`" if meant else None,
    )
    unit = failure.token("UNIT", meant or "", found.start, found.end)
    return Mistake(error, Repair(found.end, (unit,)))


def misread_unit(failure: Failure) -> Mistake | None:
    """`batch = 64 steps = 10`: `steps` is no unit but the next option."""
    last = failure.last
    if last is None or last.type != "UNIT" or failure.found.text != "=":
        return None
    number = failure.before[-2]
    error = failure.error(
        "E120",
        f"a `,` is missing between `{number}` and `{last}`",
        span=failure.span_of(last),
        help=f"write `{number}, {last}`",
    )
    name = failure.token("NAME", str(last), last.start_pos, last.end_pos)
    add = (failure.token("COMMA", ","), name)
    return Mistake(error, Repair(failure.at, add, len(failure.before) - 1))


def half_a_number(failure: Failure) -> Mistake | None:
    """`1-3` and `e-3`: an exponent without its `e`, or without its digit."""
    found, last = failure.found, failure.last
    if not last or last.end_pos != failure.at or found.kind != "number":
        return None
    if last.type != "NUMBER" and last.lower() != "e":
        return None
    start, written = last.start_pos or 0, f"{last}{found.text}"
    meant = f"{last}e{found.text}" if last.type == "NUMBER" else f"1{written}"
    error = failure.error(
        "E108",
        f"`{written}` is not a number",
        span=failure.span(start, found.end),
        help=f"write `{meant}`",
    )
    value = failure.token("NUMBER", "", start, found.end)
    return Mistake(error, Repair(found.end, (value,), len(failure.before) - 1))
