"""How sizes, families and lists are written in tables and formulas."""

from __future__ import annotations

from collections.abc import Sequence

from dagspec.geometry import Shape, is_image, size
from dagspec.plan import LatentPlan, Plan

# From this many concepts on, levels say more than a line for each.
MANY = 31


def abbreviated(plan: Plan, everything: bool) -> bool:
    """Whether a model has too many concepts to list them, and nobody asked for all."""
    return len(plan.latents) >= MANY and not everything


def shape_text(shape: Shape) -> str:
    """`64 x 8 x 8`."""
    return " x ".join(map(str, shape))


def blocks_text(plan: Plan) -> str:
    """What the stages are made of."""
    features = plan.features
    common = f"norm {features.norm}, {features.activation}"
    if not is_image(plan.observed.shape):
        return f"dense layers, {common}"
    return f"{features.block} blocks, {common}, readout {features.readout}"


def family_text(family: str, shape: Shape) -> str:
    """`normal[1]`, as a spec writes it."""
    return f"{family}[{', '.join(map(str, shape))}]"


def source_text(plan: Plan, reads: int | None) -> str:
    """`F4`, a stage, or `d0`, a generation's layer: what of x a head reads."""
    if reads is None:
        return "-"
    return f"d{reads}" if plan.bottom_up else f"F{reads}"


def source_shape(plan: Plan, reads: int | None) -> Shape:
    """Shape of what a head reads of x; empty where it reads nothing."""
    if reads is None:
        return ()
    if plan.bottom_up:
        return (plan.bottom_up[reads],)
    return plan.features.stages[reads - 1].shape


def source_size(plan: Plan, reads: int | None) -> int:
    """How many numbers of x's features a head reads."""
    return 0 if reads is None else size(source_shape(plan, reads))


def given_text(plan: Plan, latent: LatentPlan) -> str:
    """All that the posterior of a concept is conditioned on."""
    source = [] if latent.reads is None else [source_text(plan, latent.reads)]
    return names_text([*source, *latent.given])


def latent_text(latent: LatentPlan) -> str:
    """`normal[1]` of a concept."""
    return family_text(latent.family, (latent.dim,))


def counted(number: int, noun: str) -> str:
    """`1 edge`, `1,000 edges`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def names_text(names: Sequence[str], most: int | None = None) -> str:
    """Names with commas; beyond `most` how many there are, and the first two."""
    if most is None or len(names) <= most:
        return ", ".join(names) or "-"
    return f"{len(names):,}: {', '.join(names[:2])}, …"


def printable(text: str) -> str:
    """A text of the spec that cannot steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
