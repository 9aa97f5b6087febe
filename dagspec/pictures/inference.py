"""The inference view: what each q(z_i | x, ·) is conditioned on."""

from __future__ import annotations

from collections.abc import Mapping

from dagspec.pictures.diagram import (
    Diagram,
    concept_nodes,
    observed_node,
)
from dagspec.pictures.levels import legible
from dagspec.pictures.notation import family_text
from dagspec.plan.model import Plan

_STRUCTURES: Mapping[str, str] = {
    "top_down": "each concept is read from {x}, given its parents",
    "mean_field": "each concept is read from {x} alone",
    "faithful": "a minimal faithful inverse of the graph with {x}",
    "coupled": "each concept is read from layers that follow the graph, given its "
    "parents",
}
_COMBINES: Mapping[str, str] = {
    "independent": "a head alone makes q",
    "residual": "a head shifts and scales the prior",
    "precision": "head and prior are weighted by their precision",
}


def inference_diagram(plan: Plan) -> Diagram:
    """The observed node above, dashed arrows from all that a concept is read from."""
    stage = {name: s.number for s in plan.features.stages for name in s.read}
    given = {latent.name: latent.given for latent in plan.latents}
    lines = {
        latent.name: family_text(latent) + f" from F{stage[latent.name]}"
        if latent.name in stage
        else family_text(latent)
        for latent in plan.latents
    }
    diagram = Diagram(
        name=plan.name,
        caption=_caption(plan),
        nodes=concept_nodes(plan, given, lines),
        arrows={(a, b): 1 for b, names in given.items() for a in names},
        observed=observed_node(plan),
        joined=frozenset(stage),
        everywhere=len(stage) == len(plan.latents),
        towards=False,
        dashed=True,
    )
    return legible(diagram, plan.by_name)


def _caption(plan: Plan) -> tuple[str, ...]:
    """What `structure` and `combine` mean; a word without a gloss stands alone."""
    x = plan.observed.name
    structure = _STRUCTURES.get(plan.structure, "").format(x=x)
    combine = _COMBINES.get(plan.combine, "")
    return (
        ": ".join(filter(None, (f"structure {plan.structure}", structure))),
        ": ".join(filter(None, (f"combine {plan.combine}", combine))),
    )
