"""Edges: arrows of other languages, options on an edge, names that are missing."""

from __future__ import annotations

import re

from dagspec.syntax.mistakes.expected import is_edge
from dagspec.syntax.mistakes.failure import STATEMENT, Failure, Mistake, Repair

_RIGHT = re.compile(r"[-=~]*>|→|⇒|⟶|⟹|➔|➜|↦|--+|-")
_LEFT = re.compile(r"<[-=~]+|<|←|⇐|⟵")
_BOTH = re.compile(r"<[-=~]*>|↔|⇔|⟷")


def wrong_arrow(failure: Failure) -> Mistake | None:
    """`a => b`, `a --> b`, `a → b`, `a <- b`, `a <-> b`."""
    if "ARROW" not in failure.expected:
        return None
    found = failure.found
    if _BOTH.fullmatch(found.text):
        error = failure.error(
            "E115",
            "an edge has one direction",
            help="write `parent -> child`; a common cause is a latent of its own",
        )
        return Mistake(error)
    if _LEFT.fullmatch(found.text):
        return _backward(failure)
    if not _RIGHT.fullmatch(found.text) or found.text == "->":
        return None
    error = failure.error(
        "E115", f"an edge is written `->`, not `{found.text}`", help="write `->`"
    )
    return Mistake(error, Repair(found.end, (failure.token("ARROW", "->"),)))


def option_on_edge(failure: Failure) -> Mistake | None:
    """`a -> b { mechanism = linear }`, `a -> b: linear`, `a -> b "text"`."""
    found = failure.found
    if not is_edge(failure) or not failure.whole:
        return None
    if found.text not in ("{", ":", "[") and found.kind != "string":
        return None
    child = failure.last
    end = failure.line_end(found.start)
    if found.text == "{":
        end = failure.closed(found.start) or end
    shown = min(end, failure.line_end(found.start))
    error = failure.error(
        "E117",
        "an edge carries no options",
        span=failure.span(found.start, max(shown, found.end)),
        help="what a parent does to a child is the child's `mechanism`: "
        f"`latent {child}: … {{ mechanism = linear }}`",
    )
    return Mistake(error, Repair(end))


def nothing_named(failure: Failure) -> Mistake | None:
    """`a ->` and `latent a,` at the end of a line: the next line is read as a name."""
    before = failure.before
    if len(before) < 3 or failure.open or before[-1].type != "NAME":
        return None
    mark, name = before[-2], before[-1]
    start = name.start_pos or 0
    if mark.type not in ("ARROW", "COMMA") or not STATEMENT.match(failure.text, start):
        return None
    if failure.line_start(start) != start or failure.found.kind not in ("word", "mark"):
        return None
    what = (
        "the arrow points to nothing" if mark.type == "ARROW" else "a name is missing"
    )
    error = failure.error(
        "E126",
        f"{what}: after `{mark}` a name has to follow",
        "expected a name after this",
        span=failure.span_of(mark),
        labels=(failure.label(name, "the next statement begins here"),),
    )
    return Mistake(error)


def _backward(failure: Failure) -> Mistake:
    after = failure.next
    child = failure.last
    simple = len(failure.before) == 1 and after.kind == "word"
    error = failure.error(
        "E115",
        "an arrow points from parent to child",
        help=f"write `{after.text} -> {child}`"
        if simple
        else "write `parent -> child`",
    )
    if not simple or child is None:
        return Mistake(error)
    tokens = (
        failure.token("NAME", after.text, after.start, after.end),
        failure.token("ARROW", "->"),
        failure.token("NAME", str(child), child.start_pos, child.end_pos),
    )
    return Mistake(error, Repair(after.end, tokens, keep=0))
