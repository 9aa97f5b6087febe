"""Options and values: signs between them, and values that are missing."""

from __future__ import annotations

import re

from dagspec.syntax.mistakes.expected import reading
from dagspec.syntax.mistakes.failure import STATEMENT, Failure, Mistake, Repair
from dagspec.syntax.mistakes.wording import legal_name

_VALUES = ("word", "number", "string")


def wrong_sign(failure: Failure) -> Mistake | None:
    """`at: 3`, `at == 3` and `at => 3` in braces or in a call."""
    found = failure.found
    if "EQUAL" not in failure.expected or found.text not in (
        ":",
        "==",
        ":=",
        "=>",
        "->",
        "~",
        "<-",
    ):
        return None
    error = failure.error(
        "E113",
        f"an option is set with `=`, not with `{found.text}`",
        help=f"write `{failure.last} = {failure.next.text}`",
    )
    return Mistake(error, Repair(found.end, (failure.token("EQUAL", "="),)))


def doubled_sign(failure: Failure) -> Mistake | None:
    """`at == 3` and `at => 3`: the first sign was taken."""
    found, last = failure.found, failure.last
    if last is None or last.type != "EQUAL" or last.end_pos != failure.at:
        return None
    if found.text not in ("=", ">", "=="):
        return None
    error = failure.error(
        "E113",
        f"an option is set with `=`, not with `={found.text}`",
        span=failure.span(last.start_pos or 0, found.end),
        help=f"write `{failure.before[-2]} = {failure.next.text}`",
    )
    return Mistake(error, Repair(found.end))


def missing_value(failure: Failure) -> Mistake | None:
    """`at =`, `at` and `at 3` in braces."""
    found, last = failure.found, failure.last
    if failure.inside not in ("LBRACE", "LPAR") or last is None:
        return None
    closing = "}" if failure.inside == "LBRACE" else ")"
    ends = found.kind in ("newline", "end") or found.text in (",", closing)
    if last.type == "EQUAL" and ends:
        name = failure.before[-2]
        error = failure.error(
            "E122",
            f"the value of `{name}` is missing",
            "expected a value after this",
            span=failure.span_of(name).to(failure.span_of(last)),
        )
        return Mistake(error, Repair(failure.at, (failure.lost_value(),)))
    argument = failure.inside == "LPAR" and "EQUAL" in failure.expected
    if argument and found.kind not in ("number", "string"):
        return None
    if not argument and failure.expected != frozenset({"EQUAL"}):
        return None
    sign = failure.token("EQUAL", "=")
    if ends:
        error = failure.error(
            "E122",
            f"the option `{last}` has no value",
            span=failure.span_of(last),
            help=f"write `{last} = …`",
        )
        return Mistake(error, Repair(failure.at, (sign, failure.lost_value())))
    if (
        found.kind in ("number", "string")
        or found.text == "["
        or (found.kind == "word" and not _begins_statement(failure))
    ):
        error = failure.error(
            "E113",
            f"a `=` is missing between `{last}` and its value",
            help=f"write `{last} = {found.text}`"
            if found.text != "["
            else f"write `{last} = […]`",
        )
        return Mistake(error, Repair(failure.at, (sign,)))
    return None


def missing_comma(failure: Failure) -> Mistake | None:
    """`[32 64]`, `adam(lr = 1 eps = 2)`, `{ beta = 1 warmup = linear(30%) }`."""
    found, last = failure.found, failure.last
    if not failure.open or "COMMA" not in failure.expected or last is None:
        return None
    if found.kind not in _VALUES and found.text not in ("[",):
        return None
    if failure.inside == "LBRACE" and (
        found.kind != "word" or failure.next.text != "="
    ):
        return None
    if _begins_statement(failure):
        return None
    before = failure.written(last)
    if not before:
        return None
    error = failure.error(
        "E120",
        f"a `,` is missing between `{before}` and `{found.text}`",
        span=failure.span(last.end_pos or 0, failure.at)
        if failure.at == (last.end_pos or 0) + 1
        else None,
        help=f"write `{before}, {found.text}`",
    )
    return Mistake(error, Repair(failure.at, (failure.token("COMMA", ","),)))


def stray_comma(failure: Failure) -> Mistake | None:
    """`[1, , 2]`, `a,, b` and `{ , at = 3 }`."""
    found, last = failure.found, failure.last
    if last is not None and last.type == "COMMA" and found.text in ("->", ":"):
        error = failure.error(
            "E126",
            "a name is missing after this `,`",
            span=failure.span_of(last),
            help="remove it, or write another name",
        )
        return Mistake(error, Repair(failure.at, (), len(failure.before) - 1))
    if found.text != "," or last is None:
        return None
    if last.type not in ("COMMA", "LBRACKET", "LPAR", "LBRACE", "ARROW", "_NEWLINE"):
        if not failure.whole:
            return None
        error = failure.error("E126", "nothing may follow this `,`", help="remove it")
        return Mistake(
            error,
            Repair(found.end) if failure.next.kind in ("newline", "end") else None,
        )
    error = failure.error(
        "E126", f"nothing stands before this `,` {reading(failure)}", help="remove it"
    )
    item = (failure.lost_value(), failure.token("COMMA", ","))
    listed = failure.inside in ("LBRACKET", "LPAR")
    return Mistake(error, Repair(found.end, item if listed else ()))


def wrong_list(failure: Failure) -> Mistake | None:
    """`widths = (32, 64)` and `widths = {32, 64}`."""
    found = failure.found
    if "NUMBER" not in failure.expected or found.text not in ("(", "{"):
        return None
    end = failure.closed(found.start)
    written = failure.text[found.start : end or found.end]
    flat = end is not None and re.fullmatch(r"[({][^()\[\]{}\r\n]*[)}]", written)
    error = failure.error(
        "E124",
        "a list stands in square brackets",
        span=failure.span(found.start, end if flat and end else found.end),
        help=f"write `[{written[1:-1].strip()}]`"
        if flat and "=" not in written
        else None,
    )
    return Mistake(error, Repair(end, (failure.lost_value(end),)) if end else None)


def quoted_option(failure: Failure) -> Mistake | None:
    """`{ "at": 3 }`."""
    found = failure.found
    if (
        failure.inside != "LBRACE"
        or found.kind != "string"
        or "NAME" not in failure.expected
    ):
        return None
    plain = legal_name(found.text[1:-1])
    error = failure.error(
        "E128",
        "the name of an option stands without quotes"
        if failure.head != "PROCESS"
        else "the name of a variable stands without quotes",
        help=f"write `{plain} = …`",
    )
    return Mistake(
        error,
        Repair(found.end, (failure.token("NAME", plain, found.start, found.end),)),
    )


def _begins_statement(failure: Failure) -> bool:
    line = failure.line_start(failure.at)
    return line > failure.start and STATEMENT.match(failure.text, line) is not None
