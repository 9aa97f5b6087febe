"""The concept view: p(z) and what p(x | z) depends on."""

from __future__ import annotations

from dagspec.pictures.diagram import (
    Diagram,
    concept_nodes,
    observed_node,
)
from dagspec.pictures.levels import legible
from dagspec.pictures.notation import family_text
from dagspec.plan.model import Plan


def concept_diagram(plan: Plan) -> Diagram:
    """Concepts in rows by generation, causes above effects, the observed node below."""
    parents = {latent.name: latent.parents for latent in plan.latents}
    lines = {latent.name: family_text(latent) for latent in plan.latents}
    feeding = frozenset(latent.name for latent in plan.latents if latent.feeds)
    everywhere = len(feeding) == len(plan.latents)
    diagram = Diagram(
        name=plan.name,
        caption=(plan.description,) if plan.description else (),
        nodes=concept_nodes(plan, parents, lines),
        arrows={(a, b): 1 for b, names in parents.items() for a in names},
        observed=observed_node(plan),
        joined=feeding,
        everywhere=everywhere,
        towards=True,
        dashed=False,
    )
    return legible(diagram, plan.by_name)
