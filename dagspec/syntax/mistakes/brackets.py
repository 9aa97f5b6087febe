"""Brackets that are never closed, never opened, or closed by another kind."""

from __future__ import annotations

import re

from lark import Token

from dagspec.diagnostic import Label
from dagspec.syntax.layout import CLOSING, OPENING
from dagspec.syntax.mistakes.failure import STATEMENT, Failure, Mistake, Repair

_CLOSERS = {")": "RPAR", "]": "RBRACKET", "}": "RBRACE"}
_SHAPES = {"RPAR": ")", "RBRACKET": "]", "RBRACE": "}"}
# A line that can only be a statement, wherever it stands.
_STATEMENT = re.compile(
    r"(?:model|observe|latent|ladder)[ \t]+[A-Za-z_]"
    r"|(?:features|inference|objective|training|process)[ \t]*\{"
    r"|[A-Za-z_][A-Za-z0-9_]*[ \t]*(?:,[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*)*->"
)


def never_closed(failure: Failure) -> Mistake | None:
    """The next statement begins, or the text ends, inside a bracket."""
    if not failure.open:
        return None
    begin = failure.line_start(failure.at)
    if failure.found.kind == "end":
        begin, noticed = failure.at, None
    elif begin > failure.start and _begins_statement(failure, begin):
        word = failure.look(begin)
        span = failure.span(word.start, word.end)
        noticed = Label(span, "the next statement begins here")
    else:
        return None
    kept = [token for token in failure.before if (token.start_pos or 0) < begin]
    opened = _open(kept)
    if not opened:
        return None
    inner = opened[-1]
    labels = [
        failure.label(token, "nor is this one") for token in reversed(opened[:-1])
    ]
    closers = "".join(_SHAPES[OPENING[token.type]] for token in reversed(opened))
    error = failure.error(
        "E103",
        f"this `{inner}` is never closed",
        f"its `{_SHAPES[OPENING[inner.type]]}` is missing",
        span=failure.span_of(inner),
        labels=(*labels, *([noticed] if noticed else [])),
        help=f"write `{closers}` before the next statement"
        if noticed
        else f"write `{closers}` at the end",
    )
    add = [_closer(failure, token, begin) for token in reversed(opened)]
    end = failure.token("_NEWLINE", "\n", begin)
    return Mistake(error, Repair(begin, (*add, end), keep=len(kept)))


def option_begins(failure: Failure) -> Mistake | None:
    """A bracket in a block that is still open where the next option begins."""
    last, inside = failure.last, failure.inside
    if last is None or failure.found.kind != "word" or failure.next.text != "=":
        return None
    if (
        inside not in ("LPAR", "LBRACKET")
        or failure.before[failure.open[0]].type != "LBRACE"
    ):
        return None
    inner = failure.before[failure.open[-1]]
    end = failure.closed(inner.start_pos or 0)
    shape = _SHAPES[OPENING[inside]]
    closed = end is not None and failure.text[end - 1] == shape
    if closed or "\n" not in failure.text[last.end_pos or 0 : failure.at]:
        return None
    found = failure.found
    error = failure.error(
        "E103",
        f"this `{inner}` is never closed",
        f"its `{shape}` is missing",
        span=failure.span_of(inner),
        labels=(
            Label(failure.span(found.start, found.end), "the next option begins here"),
        ),
        help=f"write `{shape}` at the end of the line above",
    )
    opened = [failure.before[index] for index in failure.open[1:]]
    add = [_closer(failure, token, failure.at) for token in reversed(opened)]
    comma = failure.token("COMMA", ",")
    return Mistake(error, Repair(failure.at, (*add, comma)))


def mismatched(failure: Failure) -> Mistake | None:
    """`[32, 64)` and `adam(lr = 1 }`."""
    closer = _CLOSERS.get(failure.found.text)
    if closer is None or not failure.open:
        return None
    opened = [failure.before[index] for index in failure.open]
    inner = opened[-1]
    wanted = OPENING[inner.type]
    if wanted not in failure.expected or wanted == closer:
        return None
    add = _closer(failure, inner, failure.at)
    if CLOSING[closer] in {token.type for token in opened}:
        error = failure.error(
            "E103",
            f"this `{inner}` is never closed",
            f"its `{_SHAPES[wanted]}` is missing",
            span=failure.span_of(inner),
            labels=(
                Label(
                    failure.span(failure.found.start, failure.found.end),
                    f"`{_SHAPES[wanted]}` has to come before this",
                ),
            ),
            help=f"write `{_SHAPES[wanted]}{failure.found.text}`",
        )
        return Mistake(error, Repair(failure.at, (add,)))
    error = failure.error(
        "E104",
        f"`{failure.found.text}` cannot close `{inner}`",
        f"expected `{_SHAPES[wanted]}`",
        labels=(failure.label(inner, "opened here"),),
        help=f"write `{_SHAPES[wanted]}`",
    )
    return Mistake(error, Repair(failure.found.end, (add,)))


def never_opened(failure: Failure) -> Mistake | None:
    """A closing bracket where none is open."""
    if failure.found.text not in _CLOSERS or failure.open:
        return None
    error = failure.error(
        "E104", f"this `{failure.found.text}` closes nothing", help="remove it"
    )
    whole = failure.whole or not failure.before
    return Mistake(error, Repair(failure.found.end) if whole else None)


def _closer(failure: Failure, opening: Token, at: int) -> Token:
    kind = OPENING[opening.type]
    return failure.token(kind, _SHAPES[kind], at)


def _begins_statement(failure: Failure, line: int) -> bool:
    if _STATEMENT.match(failure.text, line):
        return True
    between_items = failure.inside != "LBRACE" and failure.at == line
    return between_items and STATEMENT.match(failure.text, line) is not None


def _open(tokens: list[Token]) -> list[Token]:
    opened: list[Token] = []
    for token in tokens:
        if token.type in OPENING:
            opened.append(token)
        elif token.type in CLOSING:
            opened.pop()
    return opened
