"""The features: a tower up from x and a tower down to it, and where concepts join."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.geometry import is_image
from dagspec.plan import Plan, StagePlan
from dagspec.spec.parameters import SUMMARY_UNITS
from dagspec.summary.math.layout import Block, Equation, equation
from dagspec.summary.math.notation import named, numbered
from dagspec.summary.phrases import blocks_text, counted, shape_text


def towers(plan: Plan, most: int | None) -> Block:
    """F_1 … F_K, what is read from them, and G_K … G_1.

    Args:
        plan: The model.
        most: How many concepts a stage may list; None for all.
    """
    stages = plan.features.stages
    up = [
        Equation(
            numbered("F", stage.number),
            (f"{numbered('down', stage.number)}({_below(plan, stage)})",),
            shape_text(stage.shape),
        )
        for stage in stages
    ]
    down = [
        Equation(numbered("G", stage.number), _widened(plan, stage, most))
        for stage in reversed(stages)
    ]
    last = Equation("g", (f"{numbered('up', 1)}({numbered('G', 1)})",))
    return Block("Features", (*up, *down, last, *_joints(plan)), tuple(_remarks(plan)))


def _below(plan: Plan, stage: StagePlan) -> str:
    if stage.number == 1:
        return named(plan.observed.name)
    return numbered("F", stage.number - 1)


def _widened(plan: Plan, stage: StagePlan, most: int | None) -> tuple[str, ...]:
    """What G of a stage is the sum of."""
    deeper = stage.number + 1
    state = f"{numbered('up', deeper)}({numbered('G', deeper)})"
    parts = ["C" if stage.number == plan.depth else state]
    if stage.written:
        names = [named(name) for name in stage.written]
        if most is not None and len(names) > most:
            names = [*names[:2], "…", names[-1]]
        parts.append(f"+ {numbered('W', stage.number)}({', '.join(names)})")
    return tuple(parts)


def _joints(plan: Plan) -> tuple[Equation, ...]:
    """How heads see a stage, and how concepts are written into it."""
    f = plan.features.activation
    seen, written = "F_s", f"linear({f}(linear(z)))"
    if is_image(plan.observed.shape):
        seen, written = "pool(F_s)", f"enlarge({written})"
    writer = equation(f"W_s(z) = {written}")
    if plan.bottom_up:
        return (*_layers(plan), writer)
    units = f"{SUMMARY_UNITS} numbers"
    return (equation(f"r_s = {f}(linear({seen}))", units), writer)


def _layers(plan: Plan) -> Iterator[Equation]:
    """The layers of a coupled network, the leaves' first."""
    f, deepest = plan.features.activation, numbered("F", plan.depth)
    below = f"{f}(linear({deepest}))"
    for generation, width in plan.bottom_up.items():
        layer = numbered("d", generation)
        yield Equation(layer, (f"linear({below})",), counted(width, "number"))
        below = f"tanh({layer})"


def _remarks(plan: Plan) -> list[str]:
    kinds = f"down and up are {blocks_text(plan)}; C is a learned constant."
    if not is_image(plan.observed.shape):
        return [kinds]
    grids = sorted({stage.grid for stage in plan.features.stages if stage.read})
    sizes = " or ".join(map(shape_text, grids))
    if plan.bottom_up:
        return [kinds, f"enlarge leads from a grid of {sizes}."]
    return [kinds, f"pool leads to a grid of {sizes}, enlarge back from there."]
