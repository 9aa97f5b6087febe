"""What a posterior leaves out: its edges beside those of a minimal faithful inverse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dagspec.graph import LatentGraph
from dagspec.plan import Plan

EdgePair = tuple[str, str]

# Above this many concepts only the case that needs no search is counted.
MOST_SEARCHED = 300


@dataclass(frozen=True)
class Dependence:
    """Pairs of concepts that depend on one another once x is known.

    Attributes:
        joined: Pairs that the posterior joins.
        needed: Pairs that a minimal faithful inverse joins; None if not counted.
        lacking: Pairs of those that the posterior does not join; None if not counted.
        pairs: The lacking pairs, sorted; None if there are too many concepts to list.
    """

    joined: int
    needed: int | None
    lacking: int | None
    pairs: tuple[EdgePair, ...] | None


def count_dependence(plan: Plan) -> Dependence:
    """Compare the posterior with a minimal faithful inverse of the graph with x.

    Webb et al. 2018, arXiv 1712.00287. Where every concept feeds x, the inverse joins
    every pair: given their common effect, all causes depend on one another.
    """
    count = len(plan.latents)
    own = _pairs((latent.name, latent.given) for latent in plan.latents)
    if count > MOST_SEARCHED:
        if not all(latent.feeds for latent in plan.latents):
            return Dependence(len(own), None, None, None)
        needed = count * (count - 1) // 2
        return Dependence(len(own), needed, needed - len(own), None)
    x = plan.observed.name
    feeding = [each.name for each in plan.latents if each.feeds]
    inverse = _graph(plan).with_effect(x, feeding).faithful_inverse([x])
    needed = _pairs((name, set(given) - {x}) for name, given in inverse.items())
    lacking = tuple(sorted(needed - own))
    return Dependence(len(own), len(needed), len(lacking), lacking)


def _graph(plan: Plan) -> LatentGraph:
    edges = [(parent, each.name) for each in plan.latents for parent in each.parents]
    return LatentGraph(plan.by_name, edges)


def _pairs(rows: Iterable[tuple[str, Iterable[str]]]) -> set[EdgePair]:
    """Neighbours without a direction, each pair in the order of names."""
    return {
        (min(name, other), max(name, other)) for name, given in rows for other in given
    }
