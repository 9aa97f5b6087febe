"""What each posterior is conditioned on: concepts, and a summary of x."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagspec.families import head_outputs

if TYPE_CHECKING:
    from dagspec.spec.model import Spec


@dataclass(frozen=True)
class Conditions:
    """The conditions of one posterior q(z_i | ·).

    Attributes:
        given: Concepts whose values it is given, sorted.
        reads: Number of the summary of x that its head reads: that of a feature stage
            or, in a coupled network, of a generation; None where it is not given x.
    """

    given: tuple[str, ...]
    reads: int | None


def conditions(spec: Spec) -> Mapping[str, Conditions]:
    """The conditions of every posterior, by name, as `inference.structure` says."""
    graph, structure = spec.graph, spec.inference.structure
    if structure == "faithful":
        return _faithful(spec)
    reads = graph.generations if structure == "coupled" else spec.stages
    return {
        name: Conditions(
            () if structure == "mean_field" else graph.parents(name), reads[name]
        )
        for name in spec.dims
    }


def bottom_up(spec: Spec) -> Mapping[int, int]:
    """Width of the layer of each generation, the leaves' first, in a coupled network.

    A layer is as wide as the heads of its generation put out numbers. Empty for all
    other structures.
    """
    if spec.inference.structure != "coupled":
        return {}
    widths: dict[int, int] = {}
    for latent in spec.latents:
        generation = spec.graph.generations[latent.name]
        own = head_outputs(latent.family, latent.dim)
        widths[generation] = widths.get(generation, 0) + own
    return dict(sorted(widths.items(), reverse=True))


def _faithful(spec: Spec) -> Mapping[str, Conditions]:
    """A minimal faithful inverse of the graph with x (Webb et al. 2018)."""
    x = spec.observed.name
    inverse = spec.graph.with_effect(x, spec.feeding).faithful_inverse([x])
    return {
        name: Conditions(
            tuple(each for each in found if each != x),
            spec.stages[name] if x in found else None,
        )
        for name, found in inverse.items()
    }
