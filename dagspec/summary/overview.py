"""What `dagspec show` prints: the model at a glance, in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dagspec.geometry import size
from dagspec.plan import Plan
from dagspec.spec import Spec
from dagspec.spec.parameters import SUMMARY_UNITS
from dagspec.summary.concepts import concepts_table, widths_table
from dagspec.summary.inverse import MOST_SEARCHED, count_dependence
from dagspec.summary.phrases import (
    abbreviated,
    blocks_text,
    counted,
    family_text,
    names_text,
    printable,
    shape_text,
)
from dagspec.summary.process import process_section
from dagspec.summary.tables import Table, set_facts, set_sentences, set_table

_STRUCTURES: Mapping[str, str] = {
    "top_down": "each concept is inferred from {x} and its parents",
    "mean_field": "each concept is inferred from {x} alone",
    "faithful": "each concept is inferred from its parents in a minimal faithful "
    "inverse of the graph with {x}",
    "coupled": "each concept is inferred from its parents and, of {x}, from a network "
    "whose layers follow the graph",
}
_COMBINES: Mapping[str, str] = {
    "independent": "the head alone makes the posterior",
    "residual": "the head shifts and scales the prior",
    "precision": "head and prior are weighted by their precision",
}
_MOST_PAIRS = 10
_MOST_NAMES = 6


def overview(spec: Spec, plan: Plan, everything: bool = False) -> str:
    """The tables of a model.

    Args:
        spec: What was meant.
        plan: What is built of it.
        everything: Whether every concept has a line, however many there are.
    """
    parts = (
        _head(plan),
        set_table(_stages(plan, everything)),
        set_table(concepts_table(plan, everything)),
        _posterior(plan),
        _bottleneck(plan, everything),
        set_table(_parameters(plan)),
        process_section(spec),
    )
    texts = ("\n".join(lines) for lines in parts)
    return "\n\n".join(text for text in texts if text) + "\n"


def _head(plan: Plan) -> Iterator[str]:
    x = plan.observed
    edges = sum(len(latent.parents) for latent in plan.latents)
    numbers = sum(latent.dim for latent in plan.latents)
    feeding = sum(latent.feeds for latent in plan.latents)
    share = "all" if feeding == len(plan.latents) else f"{feeding:,} of them"
    yield f"{plan.name}: {printable(plan.description)}".removesuffix(": ")
    yield ""
    yield from set_facts(
        (
            ("observed", f"{x.name}: {family_text(x.family, x.shape)}{_sigma(plan)}"),
            (
                "concepts",
                f"{len(plan.latents):,} with {counted(numbers, 'number')}, "
                f"{counted(edges, 'edge')} between them; {share} feed {x.name}",
            ),
            (
                "features",
                f"{counted(plan.depth, 'stage')} of {blocks_text(plan)}",
            ),
            ("parameters", f"{sum(plan.parameters.values()):,}"),
        )
    )


def _sigma(plan: Plan) -> str:
    if plan.observed.family != "normal":
        return ""
    sigma = plan.observed.sigma
    return ", sigma learned" if sigma is None else f", sigma {sigma:g}"


def _stages(plan: Plan, everything: bool) -> Table:
    most = _MOST_NAMES if abbreviated(plan, everything) else None
    x = plan.observed
    rows = [(x.name, shape_text(x.shape), f"{size(x.shape):,}", "-", "-", "-")]
    rows += [
        (
            str(stage.number),
            shape_text(stage.shape),
            f"{size(stage.shape):,}",
            shape_text(stage.grid) or "-",
            names_text(stage.read, most),
            names_text(stage.written, most),
        )
        for stage in plan.features.stages
    ]
    head = ("stage", "shape", "numbers>", "grid", "read by", "written by")
    return Table("Stages", head, tuple(rows))


def _posterior(plan: Plan) -> Iterator[str]:
    x = plan.observed.name
    structure = _STRUCTURES.get(plan.structure, "").format(x=x)
    combine = _COMBINES.get(plan.combine, "")
    yield "Posterior"
    facts = (
        ("structure", f"{plan.structure}: {structure}".removesuffix(": ")),
        ("combine", f"{plan.combine}: {combine}".removesuffix(": ")),
        ("edges", _dependence(plan)),
    )
    yield from set_facts(facts, indent="  ")


def _dependence(plan: Plan) -> str:
    """How many edges the posterior lacks."""
    found = count_dependence(plan)
    own = f"the posterior joins {counted(found.joined, 'pair')} of concepts"
    if found.needed is None or found.lacking is None:
        return f"{own}; what it lacks is not counted beyond {MOST_SEARCHED} concepts"
    lacking = f"{found.lacking:,}" if found.lacking else "none"
    needed = f"a minimal faithful inverse joins {found.needed:,}"
    text = f"{own}; {needed}, of which it lacks {lacking}"
    if not found.pairs:
        return text
    shown = [f"{a}-{b}" for a, b in found.pairs[:_MOST_PAIRS]]
    if found.lacking > _MOST_PAIRS:
        shown.append("…")
    return f"{text}: {', '.join(shown)}"


def _bottleneck(plan: Plan, everything: bool) -> Iterator[str]:
    yield from set_table(widths_table(plan, everything))
    told = counted(sum(each.dim for each in plan.latents if each.feeds), "number")
    x = plan.observed.name
    yield ""
    yield from set_sentences(
        f"{_coupled_way(plan) if plan.bottom_up else _decoupled_way(plan)} On the way "
        f"down, p({x} | z) knows {told}: the concepts that feed {x}."
    )


def _decoupled_way(plan: Plan) -> str:
    x, stages = plan.observed.name, plan.features.stages
    narrowest = min(stages, key=lambda stage: (size(stage.shape), -stage.number))
    return (
        f"On the way up, nothing of {x} has to pass through a concept: every F is "
        f"made of {x} and features alone, and the narrowest, F{narrowest.number}, has "
        f"{counted(size(narrowest.shape), 'number')}. The heads of a stage share a "
        f"readout of {SUMMARY_UNITS} numbers."
    )


def _coupled_way(plan: Plan) -> str:
    leaves, width = next(iter(plan.bottom_up.items()))
    return (
        f"On the way up, all of {plan.observed.name} has to pass through d{leaves}, "
        f"which is as wide as the heads of the leaves put out numbers: "
        f"{counted(width, 'number')}. What that loses, no concept can know."
    )


def _parameters(plan: Plan) -> Table:
    total = sum(plan.parameters.values())
    rows = [
        (part, f"{count:,}", f"{count / total:.1%}")
        for part, count in plan.parameters.items()
        if count
    ]
    rows.append(("total", f"{total:,}", "100.0%"))
    return Table("Parameters", ("part", "number>", "share>"), tuple(rows))
