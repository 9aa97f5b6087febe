"""Brackets that are never closed, and what shows it."""

from __future__ import annotations

import re

from lark import Token

from dagspec.diagnostic import Diagnostic, Label
from dagspec.syntax.layout import CLOSING, OPENING
from dagspec.syntax.mistakes.expected import is_node
from dagspec.syntax.mistakes.failure import STATEMENT, Failure, Mistake, Repair
from dagspec.syntax.mistakes.pairs import CLOSERS, closer, shape, still_open

# A line that can only be a statement, wherever it stands.
_STATEMENT = re.compile(
    r"(?:model|observe|latent|ladder)[ \t]+[A-Za-z_]"
    r"|(?:features|inference|objective|training|process)[ \t]*\{"
    r"|[A-Za-z_][A-Za-z0-9_]*[ \t]*(?:,[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*)*->"
)


def before_a_statement(failure: Failure) -> Mistake | None:
    """The next statement begins, or the text ends, inside a bracket."""
    if not failure.open:
        return None
    begin = failure.line_start(failure.at)
    labels: list[Label] = []
    where = "at the end"
    if failure.found.kind == "end":
        begin = failure.at
    elif begin > failure.start and _begins_statement(failure, begin):
        word = failure.look(begin)
        span = failure.span(word.start, word.end)
        labels = [Label(span, "the next statement begins here")]
        where = "before the next statement"
    else:
        return None
    kept = [token for token in failure.before if (token.start_pos or 0) < begin]
    opened = still_open(kept)
    if not opened:
        return None
    opened.reverse()
    others = [failure.label(token, "nor is this one") for token in opened[1:]]
    written = "".join(map(shape, opened))
    error = _never_closed(
        failure, opened[0], (*others, *labels), f"write `{written}` {where}"
    )
    add = [closer(failure, token, begin) for token in opened]
    end = failure.token("_NEWLINE", "\n", begin)
    return Mistake(error, Repair(begin, (*add, end), keep=len(kept)))


def before_an_option(failure: Failure) -> Mistake | None:
    """`[32, 64, block = conv }`, and a list or a call that is open on the next line."""
    found, before = failure.found, failure.before
    if failure.inside not in ("LPAR", "LBRACKET"):
        return None
    opened = [before[index] for index in failure.open]
    inner = opened[-1]
    if opened[0].type != "LBRACE":
        return None
    if found.text == "=" and failure.inside == "LBRACKET":
        if len(before) < 3 or before[-2].type != "COMMA" or before[-1].type != "NAME":
            return None
        name, keep = before[-1], len(before) - 2
    elif found.kind == "word" and failure.next.text == "=" and _alone(failure, inner):
        name, keep = failure.token("NAME", found.text, found.start, found.end), None
    else:
        return None
    label = failure.label(name, "the next option begins here")
    error = _never_closed(
        failure, inner, (label,), f"write `{shape(inner)}` before `{name}`"
    )
    add = [closer(failure, token) for token in reversed(opened[1:])]
    comma = failure.token("COMMA", ",")
    end = found.end if keep is None else failure.at
    return Mistake(error, Repair(end, (*add, comma, name), keep))


def before_the_rest_of_a_node(failure: Failure) -> Mistake | None:
    """`normal[1 "text"` and `normal[1 { at = 3 }`."""
    found = failure.found
    if not is_node(failure) or len(failure.open) != 1 or failure.inside != "LBRACKET":
        return None
    if found.kind != "string" and found.text != "{":
        return None
    inner = failure.before[failure.open[0]]
    what = "description" if found.kind == "string" else "options"
    span = failure.span(found.start, found.start + 1)
    label = Label(span, f"the {what} of the node")
    error = _never_closed(failure, inner, (label,), "write `]` before it")
    return Mistake(error, Repair(failure.at, (closer(failure, inner),)))


def before_another_closes(failure: Failure) -> Mistake | None:
    """`{ widths = [32, 64 }` and `adam(lr = 1 }`."""
    found = failure.found
    kind = CLOSERS.get(found.text)
    opened = [failure.before[index] for index in failure.open]
    if kind is None or CLOSING[kind] not in {token.type for token in opened}:
        return None
    inner = opened[-1]
    if OPENING[inner.type] not in failure.expected or OPENING[inner.type] == kind:
        return None
    span = failure.span(found.start, found.end)
    label = Label(span, f"`{shape(inner)}` has to come before this")
    error = _never_closed(
        failure, inner, (label,), f"write `{shape(inner)}` before the `{found.text}`"
    )
    add = [closer(failure, inner)]
    if inner.type == "LPAR" and failure.before[-2].type == "EQUAL":
        # Some of its arguments may be options that come after the call.
        add = [failure.token("COMMA", ","), failure.lost_value(), *add]
    return Mistake(error, Repair(failure.at, tuple(add)))


def _never_closed(
    failure: Failure, opening: Token, labels: tuple[Label, ...], advice: str
) -> Diagnostic:
    return failure.error(
        "E103",
        f"this `{opening}` is never closed",
        f"its `{shape(opening)}` is missing",
        span=failure.span_of(opening),
        labels=labels,
        help=advice,
    )


def _alone(failure: Failure, opening: Token) -> bool:
    """Whether a line ends inside a bracket whose partner does not come after it."""
    last = failure.last
    end = failure.closed(opening.start_pos or 0)
    closed = end is not None and failure.text[end - 1] == shape(opening)
    between = failure.text[last.end_pos or 0 : failure.at] if last else ""
    return not closed and "\n" in between


def _begins_statement(failure: Failure, line: int) -> bool:
    if _STATEMENT.match(failure.text, line):
        return True
    between_items = failure.inside != "LBRACE" and failure.at == line
    return between_items and STATEMENT.match(failure.text, line) is not None
