"""Names that are none, names that are missing, and what stands between names."""

from __future__ import annotations

import re

from lark import Token

from dagspec.diagnostic import nearest
from dagspec.syntax.mistakes.expected import KEYWORDS, is_edge
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair
from dagspec.syntax.mistakes.wording import legal_name

_NAME_LIKE = re.compile(r"[A-Za-z0-9_]+(?:[-.][A-Za-z0-9_]+)*")


def odd_name(failure: Failure) -> Mistake | None:
    """`pos-x`, `pos.x`, `3d`, and names in quotes."""
    found, last = failure.found, failure.last
    joined = (
        last is not None
        and last.end_pos == failure.at
        and re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", last) is not None
        and found.text[:1] in ("-", ".")
    )
    if (
        joined
        and last is not None
        and failure.text[failure.at + 1 : failure.at + 2].isalnum()
    ):
        start, keep = last.start_pos or 0, len(failure.before) - 1
    elif wants_name(failure) and (found.kind == "number" or found.text == "-"):
        start, keep = failure.at, None
    elif wants_name(failure) and found.kind == "string" and failure.before:
        plain = legal_name(found.text[1:-1])
        what = "family" if failure.last_type == "COLON" else "name"
        error = failure.error(
            "E128", f"a {what} stands without quotes", help=f"write `{plain}`"
        )
        return Mistake(
            error,
            Repair(found.end, (failure.token("NAME", plain, found.start, found.end),)),
        )
    else:
        return None
    match = _NAME_LIKE.match(failure.text, start)
    if match is None or (match[0].isdigit() and not failure.before):
        return None
    plain = legal_name(match[0])
    rule = (
        "begins with a letter or `_`"
        if match[0][0].isdigit()
        else "has letters, digits and `_`"
    )
    error = failure.error(
        "E128",
        f"`{match[0]}` is not a name: a name {rule}",
        span=failure.span(start, match.end()),
        help=f"write `{plain}`",
    )
    return Mistake(
        error,
        Repair(match.end(), (failure.token("NAME", plain, start, match.end()),), keep),
    )


def missing_name(failure: Failure) -> Mistake | None:
    """`latent: normal[1]` and `model` alone."""
    found, before = failure.found, failure.before
    if len(before) != 1 or failure.head not in ("MODEL", "NODE"):
        return None
    if found.text not in (":", "[") and found.kind not in ("newline", "end"):
        return None
    word = str(before[0])
    what = (
        "the model"
        if word == "model"
        else f"this {'node' if word == 'observe' else word}"
    )
    error = failure.error(
        "E126",
        f"the name of {what} is missing",
        "expected a name after this",
        span=failure.span_of(before[0]),
        help=f"write `{word} NAME`" if word == "model" else f"write `{word} NAME: …`",
    )
    return Mistake(error)


def bracketed_names(failure: Failure) -> Mistake | None:
    """`[a, b] -> c` and `a -> {b, c}`."""
    found = failure.found
    if found.text not in ("[", "(", "{"):
        return None
    if failure.before and failure.last_type not in ("ARROW", "COMMA"):
        return None
    if failure.open or "NAME" not in failure.expected:
        return None
    line = failure.text[found.start : failure.line_end(found.start)]
    group = re.match(
        r"[\[({]\s*([A-Za-z_][A-Za-z0-9_]*(?:\s*,\s*[A-Za-z_][A-Za-z0-9_]*)*)\s*[\])}]",
        line,
    )
    if not group or not (failure.before or "->" in line):
        return None
    end = found.start + group.end()
    error = failure.error(
        "E118",
        "the names of a group stand without brackets",
        span=failure.span(found.start, end),
        help=f"write `{group[1]}`",
    )
    return Mistake(error, Repair(end, _names(failure, group[1], end)))


def missing_comma_in_names(failure: Failure) -> Mistake | None:
    """`a b -> c`, `a -> b c` and `latent a b: normal[1]`."""
    if failure.found.kind != "word" or failure.open or "COMMA" not in failure.expected:
        return None
    following = failure.next
    if is_edge(failure):
        fits = following.kind in ("newline", "end") or following.text == ","
    else:
        listed = failure.head != "NAME" or len(failure.before) > 1
        if not listed and nearest(failure.before[0], KEYWORDS):
            return None
        fits = following.text in ("->", ",") or (listed and following.text == ":")
    if not fits:
        return None
    last = failure.last
    error = failure.error(
        "E120",
        f"a `,` is missing between `{last}` and `{failure.found.text}`",
        help=f"write `{last}, {failure.found.text}`",
    )
    return Mistake(error, Repair(failure.at, (failure.token("COMMA", ","),)))


def wants_name(failure: Failure) -> bool:
    """Whether only a name can come."""
    expected = failure.expected
    return "NAME" in expected and not expected & {"NUMBER", "UNSIGNED"}


def _names(failure: Failure, text: str, end: int) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for index, name in enumerate(text.split(",")):
        if index:
            tokens.append(failure.token("COMMA", ","))
        tokens.append(failure.token("NAME", name.strip(), failure.at, end))
    return tuple(tokens)
