"""How sizes, families and lists are written in every picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from dagspec.families import FAMILIES
from dagspec.geometry import Shape
from dagspec.plan.model import LatentPlan, ObservedPlan


def shape_text(shape: Shape) -> str:
    """`64 x 8 x 8`."""
    return " x ".join(map(str, shape))


def family_text(node: LatentPlan | ObservedPlan) -> str:
    """`normal[1]`, as a spec writes it."""
    shape = (node.dim,) if isinstance(node, LatentPlan) else node.shape
    return f"{node.family}[{', '.join(map(str, shape))}]"


def counted(number: int, noun: str) -> str:
    """`1 concept`, `1,000 concepts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def families_text(latents: Iterable[LatentPlan], limit: int = 3) -> str:
    """`normal[1]`, or `100 normal[1], 25 categorical[3]`, the most frequent first."""
    counts = Counter(map(family_text, latents))
    if len(counts) == 1:
        return next(iter(counts))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count:,} {family}" for family, count in ranked[:limit]]
    return ", ".join(parts + ["…"] * (len(ranked) > limit))


def names_text(names: Sequence[str], limit: int = 12) -> str:
    """The first names of a list."""
    return ", ".join([*names[:limit], "…"] if len(names) > limit else names)


def is_discrete(node: LatentPlan | ObservedPlan) -> bool:
    """Whether a node takes countably many values; unknown families are continuous."""
    family = FAMILIES.get(node.family)
    if isinstance(node, LatentPlan):
        return bool(family and family.latent and family.latent.relaxed)
    return False
