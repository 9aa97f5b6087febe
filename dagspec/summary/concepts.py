"""Tables of the concepts: one a line, or one level a line where there are many."""

from __future__ import annotations

from dagspec.families import head_outputs
from dagspec.geometry import size
from dagspec.plan import Plan, PriorLevel, StagePlan
from dagspec.summary.phrases import (
    abbreviated,
    family_text,
    given_text,
    names_text,
    shape_text,
    source_shape,
    source_size,
    source_text,
)
from dagspec.summary.tables import Table


def concepts_table(plan: Plan, everything: bool) -> Table:
    """Who causes whom, what each posterior is given, and how big it is."""
    if abbreviated(plan, everything):
        return _levels_table(plan)
    head = ("concept", "family", "gen>", "stage>", "parents", "posterior given")
    rows = [
        (
            latent.name,
            family_text(latent.family, (latent.dim,)),
            str(latent.generation),
            str(latent.stage),
            names_text(latent.parents),
            given_text(plan, latent),
            f"{latent.parameters:,}",
        )
        for latent in plan.latents
    ]
    return Table("Concepts", (*head, "parameters>"), tuple(rows))


def widths_table(plan: Plan, everything: bool) -> Table:
    """How wide the features are that a concept is read from, beside its own head."""
    title = "Bottleneck: what a head reads and what it puts out"
    stages = plan.features.stages
    if abbreviated(plan, everything):
        head = ("stage", "shape", "numbers>", "concepts>", "heads put out>")
        rows = [_stage_row(plan, stage) for stage in stages if stage.read]
        return Table(title, head, tuple(rows))
    return Table(
        title,
        ("concept", "reads", "shape", "numbers>", "head puts out>"),
        tuple(
            (
                latent.name,
                source_text(plan, latent.reads),
                shape_text(source_shape(plan, latent.reads)) or "-",
                f"{source_size(plan, latent.reads):,}",
                f"{head_outputs(latent.family, latent.dim):,}",
            )
            for latent in plan.latents
        ),
    )


def _levels_table(plan: Plan) -> Table:
    head = ("gen>", "family", "concepts>", "stages", "parents>", "parameters>", "names")
    rows = [_level_row(plan, level) for level in plan.prior]
    title = "Concepts by level (--all lists every one)"
    return Table(title, head, tuple(rows))


def _level_row(plan: Plan, level: PriorLevel) -> tuple[str, ...]:
    members = [plan.by_name[name] for name in level.names]
    stages = sorted({latent.stage for latent in members})
    parents = sorted({len(latent.parents) for latent in members})
    fewest, most = parents[0], parents[-1]
    return (
        str(level.generation),
        family_text(level.family, (level.dim,)),
        f"{len(members):,}",
        ", ".join(map(str, stages)),
        str(most) if fewest == most else f"{fewest} to {most}",
        f"{sum(latent.parameters for latent in members):,}",
        names_text([*level.names[:2], "…"] if len(members) > 2 else level.names),
    )


def _stage_row(plan: Plan, stage: StagePlan) -> tuple[str, ...]:
    outputs = sum(
        head_outputs(latent.family, latent.dim)
        for latent in map(plan.by_name.__getitem__, stage.read)
    )
    return (
        f"F{stage.number}",
        shape_text(stage.shape),
        f"{size(stage.shape):,}",
        f"{len(stage.read):,}",
        f"{outputs:,}",
    )
