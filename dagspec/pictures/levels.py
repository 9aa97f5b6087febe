"""Graphs too large to be read, drawn together: one box a generation, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

from dagspec.pictures.diagram import Diagram, Node, is_legible
from dagspec.pictures.notation import counted, families_text, names_text
from dagspec.plan.model import LatentPlan

MOST_LEVELS = 12

Counts = Mapping[tuple[str, str], int]


def legible(diagram: Diagram, latents: Mapping[str, LatentPlan]) -> Diagram:
    """The diagram itself or, if it is too large to be read, one box a level.

    Arrows are drawn from each level to the next; a box tells of all other edges.
    """
    edges = len(diagram.arrows) + len(diagram.joined) * (not diagram.everywhere)
    if is_legible(len(diagram.nodes), edges, len(diagram.rows)):
        return diagram
    level_of = _levels(diagram)
    members: dict[str, list[LatentPlan]] = {}
    for node in sorted(diagram.nodes, key=lambda node: node.rank):
        members.setdefault(level_of[node.name], []).append(latents[node.name])
    counts = Counter((level_of[tail], level_of[head]) for tail, head in diagram.arrows)
    order = list(members)
    arrows = {pair: counts[pair] for pair in pairwise(order)}
    return replace(
        diagram,
        nodes=tuple(
            Node(
                name=level,
                shape="level",
                lines=(
                    counted(len(inside), "concept"),
                    families_text(inside),
                    *_edge_lines(level, counts, arrows),
                    *_joined_lines(diagram, inside),
                ),
                tooltip=names_text([latent.name for latent in inside]),
                rank=rank,
            )
            for rank, (level, inside) in enumerate(members.items())
        ),
        arrows=arrows,
        joined=frozenset(level_of[name] for name in diagram.joined),
    )


def _levels(diagram: Diagram) -> Mapping[str, str]:
    """The level of each concept: its generation, or a range of generations."""
    deepest = max(node.rank for node in diagram.nodes)
    step = ceil((deepest + 1) / MOST_LEVELS)

    def title(rank: int) -> str:
        first = rank - rank % step
        last = min(first + step - 1, deepest)
        whole = f"generations {first} to {last}"
        return whole if first < last else f"generation {first}"

    return {node.name: title(node.rank) for node in diagram.nodes}


def _edge_lines(level: str, counts: Counts, arrows: Counts) -> list[str]:
    inside = counts.get((level, level), 0)
    across = sum(
        count
        for pair, count in counts.items()
        if pair[1] == level and pair[0] != level and pair not in arrows
    )
    lines = [f"{counted(inside, 'edge')} inside"] * bool(inside)
    return lines + [f"{counted(across, 'edge')} from further up"] * bool(across)


def _joined_lines(diagram: Diagram, latents: Sequence[LatentPlan]) -> list[str]:
    """How many of a level are joined with the observed node, if not all or none."""
    joined = sum(latent.name in diagram.joined for latent in latents)
    if joined in {0, len(latents)}:
        return []
    verb = "feed" if diagram.towards else "read"
    return [f"{joined:,} of them {verb} {diagram.observed.name}"]
