"""From the tree to the meaning: every error of a file in one run, none twice.

statements  -- sections, nodes, edges -->  Draft   checked one by one
Draft       -- RULES -->                   Draft   checked as a whole
Draft       -- too_big -->                 Spec
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from dagspec.diagnostic import Diagnostic, Span
from dagspec.spec.draft import Draft
from dagspec.spec.limits import (
    DEFAULT,
    Limits,
    too_big,
    too_many_edges,
    too_many_latents,
)
from dagspec.spec.model import Spec
from dagspec.spec.rules import features, graph, process, process_graph, sections
from dagspec.spec.statements.edges import read_edges
from dagspec.spec.statements.nodes import read_nodes
from dagspec.spec.statements.process import read_process
from dagspec.spec.statements.sections import check_header, read_sections
from dagspec.spec.values.notes import error
from dagspec.syntax.tree import File, Header

Rule: TypeAlias = Callable[[Draft], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    graph.declares_nodes,
    graph.has_no_cycle,
    graph.reaches_observed,
    graph.suits_roots,
    features.stages_narrow,
    features.stages_have_pixels,
    features.stages_exist,
    features.concepts_fit,
    features.concepts_are_few_numbers,
    features.children_are_not_deeper,
    sections.combine_has_its_prior,
    sections.combine_suits_families,
    sections.balance_has_its_ladder,
    sections.capacity_stands_alone,
    sections.run_has_one_length,
    sections.patience_has_its_validations,
    process.has_no_circle,
    process.suits_observed,
    process.is_there_to_train_on,
    process_graph.differs_from_model,
    process_graph.shows_what_is_named,
)


def resolve(
    file: File, limits: Limits = DEFAULT, errors: Sequence[Diagnostic] = ()
) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    """The meaning of a file.

    Args:
        file: What was written.
        limits: How big a model may be.
        errors: What was wrong with the syntax; rules that would repeat it are silent.

    Returns:
        The spec, None if there is an error, and what was found, in the order of place.
    """
    found: list[Diagnostic] = []
    spec = _resolve(file, limits, errors, found)
    found.sort(key=lambda item: (item.span.start if item.span else -1, item.code))
    return spec, tuple(found)


def _resolve(
    file: File, limits: Limits, errors: Sequence[Diagnostic], found: list[Diagnostic]
) -> Spec | None:
    if not file.statements and not errors:
        help = 'begin with `model NAME "what it is about"`'
        start = Span(file.source, 0, 0)
        found.append(error("E200", "the file declares nothing", start, "", help=help))
        return None
    found.extend((*too_many_latents(file, limits), *too_many_edges(file, limits)))
    if found:
        return None
    draft = _draft(file, errors, found)
    for rule in RULES:
        found.extend(rule(draft))
    if errors or any(item.severity == "error" for item in found):
        return None
    spec = _spec(file, draft)
    heavy = tuple(too_big(spec, draft, limits))
    found.extend(heavy)
    return None if heavy else spec


def _draft(file: File, errors: Sequence[Diagnostic], found: list[Diagnostic]) -> Draft:
    places = sorted(item.span.start for item in errors if item.span)

    def tainted(span: Span) -> bool:
        """Whether a syntax error lies within."""
        first = bisect_left(places, span.start)
        return first < len(places) and places[first] < span.end

    # A statement that an override has split in two is still one piece of the text.
    extents = {(item.span.start, item.span.end) for item in file.statements}
    inside = sum(
        bisect_left(places, end) - bisect_left(places, start) for start, end in extents
    )
    complete = inside == len(errors)
    if complete:
        found.extend(check_header(file))
    unread = set[str]() if complete else _unread_words(file)
    options = read_sections(file, tainted, unread, found)
    nodes = read_nodes(file, tainted, found)
    nodes.withdrawn |= unread - nodes.first.keys()
    edges = read_edges(file, nodes, found)
    edges.doubtful |= unread
    made = read_process(file, nodes, tainted, unread, found)
    headers = (item.name.span for item in file.statements if isinstance(item, Header))
    start = next(headers, Span(file.source, 0, 0))
    return Draft(start, nodes, edges, options, made, complete)


def _unread_words(file: File) -> set[str]:
    """The words outside of all statements: names that a broken one may declare."""
    text, end = file.source.text, 0
    gaps: list[str] = []
    for item in sorted((*file.statements, *file.comments), key=lambda i: i.span.start):
        gaps.append(text[end : item.span.start])
        end = max(end, item.span.end)
    gaps.append(text[end:])
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", "\n".join(gaps)))


def _spec(file: File, draft: Draft) -> Spec:
    header = next(item for item in file.statements if isinstance(item, Header))
    options, observed = draft.sections, draft.observed
    assert observed is not None
    return Spec(
        name=header.name.text,
        description=header.description.value if header.description else "",
        observed=observed,
        latents=tuple(concept.latent for concept in draft.concepts.values()),
        edges=tuple(draft.edges.ends),
        features=options.features.value,
        inference=options.inference.value,
        objective=options.objective.value,
        training=options.training.value,
        process=draft.process.value,
    )
