"""Rules about the features: stages that narrow, concepts narrower than their stage."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec import geometry
from dagspec.diagnostic import Diagnostic, Label
from dagspec.spec.draft import Draft
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import listed

WIDE = 64


def stages_narrow(draft: Draft) -> Iterator[Diagnostic]:
    """C·H·W never grows from one stage to the next; the image itself is exempt."""
    shapes, features = draft.shapes, draft.sections.features
    if shapes is None:
        return
    for number in range(1, len(shapes)):
        before, after = shapes[number - 1], shapes[number]
        if geometry.size(after) <= geometry.size(before):
            continue
        most = geometry.size(before) // geometry.size((1, *after[1:]))
        yield error(
            "E402",
            f"stage {number + 1} is wider than stage {number}",
            features.place("widths", number),
            _sum(after),
            (features.place("widths", number - 1), _sum(before)),
            help=f"write {most} or less; a stage may keep what it is given, not add",
        )


def _sum(shape: geometry.Shape) -> str:
    """A shape and how many numbers that is."""
    total = f"{geometry.size(shape):,} numbers"
    return f"{'x'.join(map(str, shape))} = {total}" if len(shape) > 1 else total


def stages_have_pixels(draft: Draft) -> Iterator[Diagnostic]:
    """No stage comes after the one with a single pixel."""
    if draft.shapes is None or draft.observed is None:
        return
    shape, features = draft.observed.shape, draft.sections.features
    last = geometry.deepest_useful_stage(shape)
    if last is None or len(draft.shapes) <= last:
        return
    first = features.place("widths", last)
    end = features.place("widths", len(draft.shapes) - 1)
    yield error(
        "E403",
        f"stage {last + 1} has nothing to halve: stage {last} is a single pixel",
        first.to(end) if first and end else first,
        "beyond the last pixel",
        help=f"write at most {last} widths for {shape[1]}x{shape[2]} pixels",
    )


def stages_exist(draft: Draft) -> Iterator[Diagnostic]:
    """A concept is attached to a stage that there is."""
    if draft.shapes is None:
        return
    depth = len(draft.shapes)
    written = draft.sections.features.place("widths")
    for concepts in draft.statements():
        checked = concepts[0].checked
        at = checked.value.at
        if at is None or at <= depth or not checked.sound("at"):
            continue
        count = f"{depth} stage{'s' * (depth != 1)}"
        yield error(
            "E401",
            f"there is no stage {at}; the features have {count}",
            checked.place("at"),
            "no such stage",
            (written, count),
            help=f"write `at = {depth}`, the deepest, or less"
            if depth > 1
            else "remove `at`",
        )


def concepts_fit(draft: Draft) -> Iterator[Diagnostic]:
    """A concept has no more numbers than the feature that it is read from."""
    shapes, stages = draft.shapes, draft.stages
    if shapes is None or stages is None:
        return
    for concepts in draft.statements():
        checked = concepts[0].checked
        if not checked.sound("dim", "at") or (checked.value.at or 0) > len(shapes):
            continue
        dim = checked.value.dim
        name, stage = min(
            ((c.name.text, stages[c.name.text]) for c in concepts),
            key=lambda pair: geometry.size(shapes[pair[1] - 1]),
        )
        size = geometry.size(shapes[stage - 1])
        if dim > size:
            at = checked.place("at") if checked.wrote("at") else None
            widths = draft.sections.features.place("widths", stage - 1)
            yield error(
                "E404",
                f"`{name}` is wider than the feature that it is read from: {dim:,} "
                f"numbers out of {size:,}",
                checked.place("dim"),
                f"{dim:,} numbers",
                (at or widths, f"stage {stage} has {_sum(shapes[stage - 1])}"),
                help=f"make `{name}` narrower or stage {stage} wider, or attach it to "
                "a wider stage with `at`",
            )


def concepts_are_few_numbers(draft: Draft) -> Iterator[Diagnostic]:
    """A warning: a concept so wide that it may hold the whole image."""
    shapes, stages = draft.shapes, draft.stages
    if shapes is None or stages is None:
        return
    for concepts in draft.statements():
        checked = concepts[0].checked
        dim, family = checked.value.dim, checked.value.family
        stage = max(stages[concept.name.text] for concept in concepts)
        size = geometry.size(shapes[stage - 1])
        if not checked.sound("dim", "at") or dim > size:
            continue
        if (dim > WIDE and family != "categorical") or (dim > 1 and 4 * dim > size):
            names = listed([concept.name.text for concept in concepts], "and")
            yield Diagnostic(
                "warning",
                "W102",
                f"{names} may be too wide for a concept",
                checked.place("dim"),
                f"{dim:,} of the {size:,} numbers of stage {stage}",
                notes=("a latent this wide can hold the image instead of a concept",),
                help="concepts are usually a few numbers wide; split it, or narrow it",
            )


def children_are_not_deeper(draft: Draft) -> Iterator[Diagnostic]:
    """A warning: an effect that is read from a deeper stage than its cause."""
    stages = draft.stages
    if stages is None:
        return
    for name, concept in draft.concepts.items():
        if not concept.checked.wrote("at") or (concept.latent.at or 0) != stages[name]:
            continue
        parents = draft.graph.parents(name)
        parent = min(parents, key=lambda parent: stages[parent], default=name)
        if stages[name] > stages[parent]:
            yield Diagnostic(
                "warning",
                "W101",
                f"`{name}` is attached to a deeper stage than its parent `{parent}`",
                concept.checked.place("at"),
                f"stage {stages[name]}",
                (Label(draft.concepts[parent].name.span, f"stage {stages[parent]}"),),
                notes=("causes usually belong to deeper features than their effects",),
                help=f"write `at = {stages[parent]}` or less, or attach `{parent}` "
                "deeper",
            )
