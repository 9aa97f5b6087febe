"""The concept view: p(z) and what p(x | z) depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from dagspec.pictures.diagram import (
    Diagram,
    Node,
    concept_nodes,
    observed_node,
)
from dagspec.pictures.levels import legible
from dagspec.pictures.notation import family_text
from dagspec.plan.model import Plan

NO_NOTES: Mapping[str, str] = MappingProxyType({})


def concept_diagram(plan: Plan, notes: Mapping[str, str] = NO_NOTES) -> Diagram:
    """Concepts in rows by generation, causes above effects, the observed node below.

    Args:
        plan: The model.
        notes: A line to be written under a concept, by its name. A graph that is too
            large to be drawn concept by concept has no room for them.

    Raises:
        ValueError: A note is for a concept that is not there.
    """
    for name in notes:
        if name not in plan.by_name:
            raise ValueError(f"a note for '{name}', which is no concept of {plan.name}")
    parents = {latent.name: latent.parents for latent in plan.latents}
    lines = {latent.name: family_text(latent) for latent in plan.latents}
    feeding = frozenset(latent.name for latent in plan.latents if latent.feeds)
    everywhere = len(feeding) == len(plan.latents)
    diagram = Diagram(
        name=plan.name,
        caption=(plan.description,) if plan.description else (),
        nodes=tuple(
            _noted(node, notes) for node in concept_nodes(plan, parents, lines)
        ),
        arrows={(a, b): 1 for b, names in parents.items() for a in names},
        observed=observed_node(plan),
        joined=feeding,
        everywhere=everywhere,
        towards=True,
        dashed=False,
    )
    return legible(diagram, plan.by_name)


def _noted(node: Node, notes: Mapping[str, str]) -> Node:
    if node.name not in notes:
        return node
    return replace(node, lines=(*node.lines, notes[node.name]))
