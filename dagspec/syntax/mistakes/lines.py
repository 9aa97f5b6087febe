"""New lines where a statement cannot be broken, and statements that share a line."""

from __future__ import annotations

from dagspec.syntax.mistakes.expected import KEYWORDS, is_edge, may_come, reading
from dagspec.syntax.mistakes.failure import STATEMENT, Failure, Found, Mistake, Repair

_LEADS = {
    "->": "ARROW",
    ",": "COMMA",
    ":": "COLON",
    "=": "EQUAL",
    "{": "LBRACE",
    "[": "LBRACKET",
    "(": "LPAR",
}


def broken_line(failure: Failure) -> Mistake | None:
    """A new line where a statement cannot end, such as `a` above `-> b`."""
    last = failure.last
    if failure.found.kind != "newline" or last is None:
        return None
    after = failure.look(failure.skip_blank(failure.at))
    begins = failure.line_start(after.start) == after.start
    if begins and STATEMENT.match(failure.text, after.start):
        return None
    following = failure.look(failure.skip_space(after.end))
    if not _expects(failure, after) or (failure.open and following.text == "="):
        return None
    error = failure.error(
        "E111",
        f"a new line cannot stand between `{failure.written(last)}` and "
        f"`{_short(after)}`",
        "this belongs on the line above",
        span=failure.span(after.start, after.end),
        help=_may_break(after),
    )
    return Mistake(error, Repair(after.start))


def line_begins_badly(failure: Failure) -> Mistake | None:
    """`{`, `->`, `,` or `=` at the start of a line, below a whole statement."""
    found = failure.found
    if found.text not in _LEADS:
        return None
    if failure.before and not (
        failure.inside == "LBRACE" and failure.last_type == "_NEWLINE"
    ):
        return None
    above = failure.text[: failure.line_start(found.start)].rstrip()
    if not above or failure.text[failure.line_start(found.start) : found.start].strip():
        return None
    closed = failure.closed(found.start) if found.text in ("{", "[", "(") else None
    error = failure.error(
        "E111",
        f"a line cannot begin with `{found.text}`",
        "the statement above has ended already"
        if not failure.before
        else "the option above has ended already",
        help=_may_break(found) or "write it on the line above",
    )
    resume = closed or (found.end if failure.before else failure.line_end(found.start))
    return Mistake(error, Repair(resume))


def two_on_a_line(failure: Failure) -> Mistake | None:
    """A second statement, or an option without braces, on the line of another."""
    found, after = failure.found, failure.next
    if not failure.whole or found.kind != "word":
        return None
    end = failure.line_end(found.start)
    if after.text == "=":
        written = failure.text[found.start : failure.code_end(found.start)]
        error = failure.error(
            "E125",
            "options stand in braces",
            span=failure.span(found.start, failure.code_end(found.start)),
            help="write it on the child, in braces"
            if is_edge(failure)
            else f"write `{{ {written} }}`",
        )
        return Mistake(error, Repair(end))
    if found.text not in KEYWORDS and after.text not in ("->", ","):
        return None
    error = failure.error(
        "E125",
        "one line holds one statement",
        "this begins another one",
        help=f"begin a new line before `{found.text}`",
    )
    return Mistake(error, Repair(failure.at, (failure.token("_NEWLINE", "\n"),)))


def cut_short(failure: Failure) -> Mistake | None:
    """A statement that ends before it is whole."""
    if (
        failure.found.kind not in ("newline", "end")
        or not failure.before
        or failure.open
    ):
        return None
    last = failure.last
    assert last is not None
    error = failure.error(
        "E101",
        f"the line ends too early {reading(failure)}",
        f"expected {may_come(failure)} after this",
        span=failure.span_of(last),
    )
    return Mistake(error)


def _expects(failure: Failure, found: Found) -> bool:
    kinds = {"word": "NAME", "number": "NUMBER", "string": "STRING"}
    return kinds.get(found.kind) in failure.expected or (
        found.text in _LEADS and _LEADS[found.text] in failure.expected
    )


def _short(found: Found) -> str:
    return found.text if len(found.text) <= 20 else f"{found.text[:19]}…"


def _may_break(found: Found) -> str | None:
    if found.text not in ("->", ",", "{", "[", "("):
        return None
    return f"a line may break after `{found.text}`, but not before it"
