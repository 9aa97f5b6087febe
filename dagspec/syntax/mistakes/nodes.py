"""What belongs into a node, and in which order."""

from __future__ import annotations

import re

from dagspec.syntax.mistakes.expected import is_node, names
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair

_SIZE = re.compile(r"[(<]\s*([0-9]+(?:\s*,\s*[0-9]+)*)\s*[)>]")


def missing_colon(failure: Failure) -> Mistake | None:
    """`latent scale normal[1]`, with `=` or with `~` before the family."""
    found = failure.found
    if not is_node(failure) or "COLON" not in failure.expected:
        return None
    if found.text in ("=", "~", "==", ":=", "::"):
        error = failure.error(
            "E113",
            f"a family follows `:`, not `{found.text}`",
            help=f"write `{failure.last}: {failure.next.text}`",
        )
        return Mistake(error, Repair(found.end, (failure.token("COLON", ":"),)))
    if found.kind == "word":
        error = failure.error(
            "E112",
            f"a `:` is missing between `{failure.last}` and `{found.text}`",
            "the family",
            help=f"write `{failure.last}: {found.text}`",
        )
        return Mistake(error, Repair(failure.at, (failure.token("COLON", ":"),)))
    return None


def missing_family(failure: Failure) -> Mistake | None:
    """`latent scale`, `latent scale: [1]`, `latent scale[1]`."""
    found = failure.found
    if not is_node(failure) or failure.open:
        return None
    after_colon = failure.last_type == "COLON"
    if not after_colon and ("COLON" not in failure.expected or found.text == ":"):
        return None
    if found.kind not in ("newline", "end") and found.text not in ("[", "{"):
        return None
    declared = ", ".join(str(name) for name in names(failure))
    last = failure.last
    assert last is not None
    size = failure.text[found.start : failure.closed(found.start) or found.end]
    shown = size if re.fullmatch(r"\[[0-9, ]+\]", size) else "[1]"
    error = failure.error(
        "E123",
        f"the family of `{declared}` is missing",
        "expected a family after this",
        span=failure.span_of(last),
        help=f"write `{failure.before[0]} {declared}: normal{shown}`",
    )
    return Mistake(error)


def wrong_size(failure: Failure) -> Mistake | None:
    """`normal(1)`, `normal<1>` and `normal 1`."""
    found = failure.found
    if "LBRACKET" not in failure.expected or not is_node(failure) or failure.open:
        return None
    if failure.last_type != "NAME" or (
        found.text not in ("(", "<", "<>") and found.kind != "number"
    ):
        return None
    match = _SIZE.match(failure.text, failure.at)
    size = match[1] if match else found.text if found.kind == "number" else "1"
    error = failure.error(
        "E124",
        "a size stands in square brackets",
        span=failure.span(failure.at, match.end() if match else found.end),
        help=f"write `{failure.last}[{size}]`",
    )
    if not match and found.kind != "number":
        return Mistake(error)
    end = match.end() if match else found.end
    tokens = [failure.token("LBRACKET", "[")]
    for index, number in enumerate(size.split(",")):
        tokens += [failure.token("COMMA", ",")] if index else []
        tokens.append(failure.token("NUMBER", number.strip(), failure.at, end))
    return Mistake(error, Repair(end, (*tokens, failure.token("RBRACKET", "]"))))


def wrong_order(failure: Failure) -> Mistake | None:
    """A description after the options, a size after the description, braces twice."""
    found = failure.found
    if not is_node(failure) or not failure.whole:
        return None
    if found.text not in ("[", "{") and found.kind != "string":
        return None
    end = found.end if found.kind == "string" else failure.closed(found.start)
    what = {"[": "the size", "{": "the options"}.get(found.text, "the description")
    twice = failure.last_type == {"[": "RBRACKET", "{": "RBRACE"}.get(
        found.text, "STRING"
    )
    error = failure.error(
        "E127",
        f"{what} can be written only once"
        if twice
        else f"{what} stands too late"
        if found.text != "{"
        else "the options stand too late",
        span=failure.span(found.start, end or found.end),
        help='the order is `latent NAME: FAMILY[SIZE] "description" { options }`',
    )
    return Mistake(error, Repair(end) if end else None)
