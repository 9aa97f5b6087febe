"""How statements begin, and what belongs into a node and in which order."""

from __future__ import annotations

import re

from dagspec.diagnostic import nearest
from dagspec.syntax.mistakes.expected import (
    KEYWORDS,
    NODES,
    SECTIONS,
    either,
    is_edge,
    is_node,
)
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair

RESERVED = {
    "given": "parents are written as edges, `parent -> child`",
    "spatial": "a stack of spatial latents is written `ladder`",
}
_GLUED = re.compile("(observe|latent|ladder)(?!s$)(.+)")
_MEANT = {
    "observed": "observe",
    "observable": "observe",
    "input": "observe",
    "concept": "latent",
    "variable": "latent",
    "node": "latent",
    "hidden": "latent",
    "encoder": "features",
    "architecture": "features",
    "posterior": "inference",
    "loss": "objective",
    "train": "training",
    "optimizer": "training",
    "name": "model",
}
_SIZE = re.compile(r"[(<]\s*([0-9]+(?:\s*,\s*[0-9]+)*)\s*[)>]")
_NAME_LIKE = re.compile(r"[A-Za-z0-9_]+(?:[-.][A-Za-z0-9_]+)*")


def reserved_word(failure: Failure) -> Mistake | None:
    """`given` and `spatial` where they would be keywords."""
    found, before = failure.found, failure.before
    if failure.open or found.kind not in ("word", "string"):
        return None
    word, span = found.text, failure.span(found.start, found.end)
    family = len(before) > 2 and before[-2].type == "COLON"
    if before and word not in RESERVED and (family or len(before) == 1):
        word, span = str(before[-1]), failure.span_of(before[-1])
    if word not in RESERVED:
        return None
    error = failure.error(
        "E129",
        f"`{word}` is kept for a later version of the language",
        span=span,
        help=RESERVED[word],
    )
    return Mistake(error)


def edge_keyword(failure: Failure) -> Mistake | None:
    """`edge a -> b` and `latent a -> b`."""
    before, found = failure.before, failure.found
    if is_node(failure) and found.text == "->" and "COLON" in failure.expected:
        repair = None
    elif (
        len(before) == 1
        and before[0].lower() in ("edge", "edges", "arc", "cause")
        and found.kind == "word"
        and failure.next.text in ("->", ",")
    ):
        repair = Repair(failure.at, (), keep=0)
    else:
        return None
    error = failure.error(
        "E102",
        "an edge has no keyword",
        span=failure.span_of(before[0]),
        help="write `parent -> child`",
    )
    return Mistake(error, repair)


def sign_in_header(failure: Failure) -> Mistake | None:
    """`model sprites: "text"` and `model sprites = "text"`."""
    found = failure.found
    if failure.head != "MODEL" or found.text not in (":", "="):
        return None
    if len(failure.before) != 2 or failure.last_type != "NAME":
        return None
    error = failure.error(
        "E113",
        f"no `{found.text}` stands behind the model's name",
        help=f'write `model {failure.last} "what it is about"`',
    )
    fits = failure.next.kind == "string"
    return Mistake(error, Repair(found.end) if fits else None)


def unknown_statement(failure: Failure) -> Mistake | None:
    """A statement that begins with a word which is no keyword, and is no edge."""
    before, found = failure.before, failure.found
    if len(before) != 1 or before[0].type != "NAME":
        return None
    block = found.text == "{"
    if found.kind not in ("word", "string") and not block:
        return None
    word = str(before[0])
    words = SECTIONS if block else ("model", *NODES)
    meant = _MEANT.get(word.lower())
    meant = meant if meant in words else nearest(word, words)
    listed = either([f"`{each}`" for each in words])
    error = failure.error(
        "E102",
        "keywords are written in lower case"
        if meant == word.lower()
        else f"no {'section' if block else 'statement'} begins with `{word}`",
        span=failure.span_of(before[0]),
        notes=()
        if meant
        else (f"a section begins with {listed}",)
        if block
        else (f"a statement begins with {listed}, or it is an edge: `a -> b`",),
        help=f"did you mean `{meant}`?" if meant else None,
    )
    if meant:
        keyword = failure.token(
            KEYWORDS[meant], meant, failure.start, before[0].end_pos
        )
        return Mistake(error, Repair(failure.at, (keyword,), keep=0))
    end = failure.closed(found.start) if block else None
    return Mistake(error, Repair(end, keep=0) if end else None)


def missing_keyword(failure: Failure) -> Mistake | None:
    """`shape: categorical[3]` and `beta = 1` outside of everything."""
    before, found = failure.before, failure.found
    if failure.open or not before or is_edge(failure):
        return None
    if any(token.type not in ("NAME", "COMMA", "MODEL", "SECTION") for token in before):
        return None
    if found.text == "=" and len(before) == 1:
        error = failure.error(
            "E102",
            f"the option `{before[0]}` stands outside of every statement",
            span=failure.span(failure.start, failure.code_end(failure.start)),
            help="options stand in the braces of a section or a node, "
            "such as `objective { beta = 1 }`",
        )
        return Mistake(error, Repair(failure.line_end(failure.at), keep=0))
    if found.text != ":":
        return None
    glued = _GLUED.fullmatch(before[0])
    if glued:
        return _glued(failure, *glued.groups())
    declared = ", ".join(str(token) for token in before if token.type != "COMMA")
    error = failure.error(
        "E102",
        f"the keyword before `{before[0]}` is missing",
        span=failure.span(failure.start, failure.at),
        help=f"write `latent {declared}: …`, or `observe` for the data",
    )
    keyword = failure.token("NODE", "latent", failure.start)
    first = failure.token("NAME", str(before[0]), failure.start, before[0].end_pos)
    added = (keyword, first, *before[1:])
    return Mistake(error, Repair(failure.at, added, keep=0))


def _glued(failure: Failure, word: str, name: str) -> Mistake:
    first = failure.before[0]
    error = failure.error(
        "E102",
        f"a space is missing after `{word}`",
        span=failure.span_of(first),
        help=f"write `{word} {name}`",
    )
    keyword = failure.token("NODE", word, first.start_pos, first.end_pos)
    named = failure.token("NAME", name, first.start_pos, first.end_pos)
    add = (keyword, named, *failure.before[1:])
    return Mistake(error, Repair(failure.at, add, keep=0))
