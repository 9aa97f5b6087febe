"""A graph of concepts with the observed node beside it, ready to be written down.

The concept view and the inference view are both such graphs; they differ in which way
the arrows go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Literal

from dagspec.graph import LatentGraph
from dagspec.pictures.notation import family_text, is_discrete
from dagspec.plan.model import Plan

MOST_NODES, MOST_ARROWS, MOST_ROWS = 60, 120, 24
MOST_SINGLE_ARROWS, ROW = 6, 8

Shape = Literal["ellipse", "box", "observed", "level"]


@dataclass(frozen=True)
class Node:
    """A concept, a level of concepts or the observed node.

    Attributes:
        name: Its name.
        shape: An ellipse is continuous, a box is discrete.
        lines: What is written under the name.
        tooltip: What is said of it when pointed at.
        rank: Row that it is drawn in, parents above children.
    """

    name: str
    shape: Shape
    lines: tuple[str, ...]
    tooltip: str
    rank: int


@dataclass(frozen=True)
class Diagram:
    """The nodes and arrows of one view.

    Attributes:
        name: The model's name.
        caption: Lines that are set under the picture.
        nodes: Concepts or levels of them, in the order declared.
        arrows: (tail, head) among the nodes and how many edges an arrow stands for.
        observed: The observed node.
        joined: Nodes with an arrow from or to the observed node.
        everywhere: Whether these are all nodes, so that their arrows say little.
        towards: Whether these arrows go to the observed node.
        dashed: Whether arrows are dashed.
    """

    name: str
    caption: tuple[str, ...]
    nodes: tuple[Node, ...]
    arrows: Mapping[tuple[str, str], int]
    observed: Node
    joined: frozenset[str]
    everywhere: bool
    towards: bool
    dashed: bool

    @property
    def framed(self) -> bool:
        """Whether one arrow from a frame around all nodes stands for one from each."""
        return self.everywhere and len(self.nodes) > MOST_SINGLE_ARROWS

    @property
    def rows(self) -> list[list[str]]:
        """Names of the nodes row by row, a long generation broken into equal rows."""
        rows: list[list[str]] = []
        ordered = sorted(self.nodes, key=lambda node: node.rank)
        for _, group in groupby(ordered, key=lambda node: node.rank):
            names = [node.name for node in group]
            length = ceil(len(names) / ceil(len(names) / ROW))
            rows += [names[i : i + length] for i in range(0, len(names), length)]
        return rows


def concept_nodes(
    plan: Plan, parents: Mapping[str, tuple[str, ...]], lines: Mapping[str, str]
) -> tuple[Node, ...]:
    """A node for each concept, ranked by the longest path along `parents`."""
    arrows = [(tail, head) for head, tails in parents.items() for tail in tails]
    ranks = LatentGraph(parents, arrows).generations
    return tuple(
        Node(
            latent.name,
            "box" if is_discrete(latent) else "ellipse",
            (lines[latent.name],),
            latent.description or f"{latent.name}: {family_text(latent)}",
            ranks[latent.name],
        )
        for latent in plan.latents
    )


def observed_node(plan: Plan) -> Node:
    """The observed node."""
    text = family_text(plan.observed)
    name = plan.observed.name
    return Node(name, "observed", (text,), f"{name}: {text}, observed", 0)


def is_legible(nodes: int, arrows: int, rows: int) -> bool:
    """Whether a graph of this size can be read when every node is drawn."""
    return nodes <= MOST_NODES and arrows <= MOST_ARROWS and rows <= MOST_ROWS
