"""The plan as text: what will be built, to the last number."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.plan import Plan, PosteriorLevel, PriorLevel, StagePlan
from dagspec.summary.phrases import (
    abbreviated,
    blocks_text,
    counted,
    family_text,
    names_text,
    shape_text,
    source_text,
)
from dagspec.summary.tables import set_facts

_MOST_ROWS = 2


def listing(plan: Plan, everything: bool = False) -> str:
    """A plan, readable.

    Args:
        plan: What is built.
        everything: Whether every concept is listed, however many there are.
    """
    most = _MOST_ROWS if abbreviated(plan, everything) else None
    features, x = plan.features, plan.observed
    lines = [
        f"plan {plan.name}, seed {plan.seed}",
        "",
        "features, the stage nearest the observed node first",
        f"  {blocks_text(plan)}",
        f"  {x.name}: {family_text(x.family, x.shape)}",
    ]
    for stage in features.stages:
        lines += _stage(stage, most)
    lines += ["", "prior, parents before children"]
    for number, level in enumerate(plan.prior):
        lines += _level(number, level, f"generation {level.generation}", most)
    heading = f"posterior, {plan.structure}, {plan.combine}; what is given comes first"
    lines += ["", heading]
    for number, level in enumerate(plan.posterior):
        lines += _level(number, level, _source(plan, level), most)
    lines += ["", "parameters"]
    counts = [(part, f"{count:,}") for part, count in plan.parameters.items()]
    lines += set_facts(counts, indent="  ")
    return "\n".join(lines) + "\n"


def _source(plan: Plan, level: PosteriorLevel) -> str:
    if level.reads is None:
        return f"without {plan.observed.name}"
    return f"from {source_text(plan, level.reads)}"


def _stage(stage: StagePlan, most: int | None) -> Iterator[str]:
    grid = f", grid {shape_text(stage.grid)}" if stage.grid else ""
    yield f"  stage {stage.number}: {shape_text(stage.shape)}{grid}"
    for verb, names in (("read by", stage.read), ("written by", stage.written)):
        if names:
            yield f"    {verb} {names_text(names, most)}"


def _level(
    number: int, level: PriorLevel | PosteriorLevel, place: str, most: int | None
) -> Iterator[str]:
    """A level in one line, and a line for each of its concepts."""
    facts = [place, family_text(level.family, (level.dim,))]
    if level.temperature is not None:
        facts.append(f"temperature {level.temperature:g}")
    if isinstance(level, PriorLevel) and level.standard:
        facts.append("standard")
    else:
        facts.append(f"hidden [{', '.join(map(str, level.hidden))}]")
    yield f"  level {number}: {', '.join(facts)}"
    for name, given in level.rows[:most]:
        yield f"    {name} <- {', '.join(given)}" if given else f"    {name}"
    if most is not None and len(level.rows) > most:
        yield f"    … {counted(len(level.rows) - most, 'more concept')}"
