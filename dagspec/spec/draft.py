"""A whole file after its statements were checked one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dagspec import geometry
from dagspec.diagnostic import Span
from dagspec.graph import LatentGraph
from dagspec.spec.model import Observed
from dagspec.spec.options import Features
from dagspec.spec.statements.edges import Edges
from dagspec.spec.statements.nodes import Concept, Nodes
from dagspec.spec.statements.process import WrittenProcess
from dagspec.spec.statements.sections import Sections


@dataclass(frozen=True)
class Draft:
    """What the rules about the whole look at.

    Attributes:
        start: The name of the model, or else the start of the file.
        nodes: What is declared.
        edges: The sound edges, and whose edges are doubtful.
        sections: The options of every section.
        process: The variables behind the examples, and their renderers.
        complete: Whether every statement could be parsed.
    """

    start: Span
    nodes: Nodes
    edges: Edges
    sections: Sections
    process: WrittenProcess
    complete: bool

    @property
    def concepts(self) -> Mapping[str, Concept]:
        """Latents by name, in the order declared."""
        return self.nodes.concepts

    @property
    def observed(self) -> Observed | None:
        """The observed node."""
        return self.nodes.observed and self.nodes.observed.value

    @property
    def features(self) -> Features:
        """The feature options."""
        return self.sections.features.value

    @cached_property
    def graph(self) -> LatentGraph:
        """The graph among the concepts; it may still have cycles."""
        return LatentGraph(self.concepts, self.graph_edges)

    @cached_property
    def graph_edges(self) -> tuple[tuple[str, str], ...]:
        """The edges among the concepts."""
        return tuple(edge for edge in self.edges.ends if edge[1] in self.concepts)

    @cached_property
    def feeding(self) -> frozenset[str]:
        """The concepts with an edge into the observed node."""
        ends = self.edges.ends
        return frozenset(parent for parent, child in ends if child not in self.concepts)

    @cached_property
    def cycles(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """One closed path of edges for each knot of the graph."""
        return self.graph.find_cycles()

    @cached_property
    def shapes(self) -> tuple[geometry.Shape, ...] | None:
        """Shapes of the stages; None where too much is at fault to know them."""
        node = self.nodes.observed
        if not node or not node.sound("shape"):
            return None
        if not self.sections.features.sound("widths"):
            return None
        shape = node.value.shape
        widths = self.features.widths or geometry.default_widths(shape)
        return geometry.stage_shapes(shape, widths)

    @cached_property
    def stages(self) -> Mapping[str, int] | None:
        """Stage of every concept that has one; None where there is no telling."""
        if self.shapes is None or self.cycles:
            return None
        depth = len(self.shapes)
        at = {name: concept.latent.at or 0 for name, concept in self.concepts.items()}
        chosen = {name: stage for name, stage in at.items() if 0 < stage <= depth}
        return self.graph.stages(depth, chosen)

    def statements(self) -> Iterator[list[Concept]]:
        """The concepts of each `latent` statement."""
        groups: dict[int, list[Concept]] = {}
        for concept in self.concepts.values():
            groups.setdefault(id(concept.node), []).append(concept)
        yield from groups.values()
