"""The graph of the concepts: names and edges in, orders and sets of names out.

The only file that knows networkx. No model, tensor or callable is ever stored in the
graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import cast

import networkx as nx

EdgePair = tuple[str, str]


class LatentGraph:
    """A directed graph over names.

    Ties are broken by name everywhere, so nothing depends on the order of declaration.

    Args:
        names: The nodes.
        edges: Pairs (parent, child) between them.
    """

    def __init__(self, names: Iterable[str], edges: Iterable[EdgePair]) -> None:
        self._graph: nx.DiGraph[str] = nx.DiGraph()
        self._graph.add_nodes_from(sorted(names))
        self._graph.add_edges_from(sorted(edges))

    def parents(self, name: str) -> tuple[str, ...]:
        """Direct causes of `name`, sorted."""
        return tuple(sorted(self._graph.predecessors(name)))

    def children(self, name: str) -> tuple[str, ...]:
        """Direct effects of `name`, sorted."""
        return tuple(sorted(self._graph.successors(name)))

    def ancestors(self, name: str) -> frozenset[str]:
        """All causes of `name`, direct or not."""
        return frozenset(nx.ancestors(self._graph, name))

    def descendants(self, name: str) -> frozenset[str]:
        """All effects of `name`, direct or not."""
        return frozenset(nx.descendants(self._graph, name))

    def with_effect(self, name: str, causes: Iterable[str]) -> LatentGraph:
        """This graph with one more node that all of `causes` cause."""
        edges = cast("list[EdgePair]", list(self._graph.edges))
        return LatentGraph(
            [*self._graph, name], [*edges, *((cause, name) for cause in causes)]
        )

    def find_cycles(self) -> tuple[tuple[EdgePair, ...], ...]:
        """A closed path of edges for each strongly connected part; empty if acyclic."""
        parts = nx.strongly_connected_components(self._graph)
        return tuple(sorted(self._closed_path(part) for part in parts if len(part) > 1))

    def _closed_path(self, part: set[str]) -> tuple[EdgePair, ...]:
        """Edges of one cycle inside a strongly connected part."""
        inside = self._graph.subgraph(part)
        found = cast("list[EdgePair]", nx.find_cycle(inside, min(part)))
        return tuple(found)

    @cached_property
    def generations(self) -> Mapping[str, int]:
        """Length of the longest path from a root to each node, by name.

        A node that can be reached at two depths is counted once, at the greater one.
        """
        layers = nx.topological_generations(self._graph)
        return {name: depth for depth, layer in enumerate(layers) for name in layer}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every node after its parents; ties by name."""
        return tuple(nx.lexicographical_topological_sort(self._graph))

    def reaching(self, targets: Iterable[str]) -> frozenset[str]:
        """The nodes from which some of `targets` can be reached, targets included."""
        backwards = self._graph.reverse(copy=False)
        seen = set(targets)
        queue = list(seen)
        while queue:
            for name in backwards.successors(queue.pop()):
                if name not in seen:
                    seen.add(name)
                    queue.append(name)
        return frozenset(seen)

    def stages(self, depth: int, at: Mapping[str, int]) -> Mapping[str, int]:
        """Feature stage that each concept is read from and written to.

        s(i) = at(i) where it is given, else the smallest of `depth` and the stages of
        the parents: the deepest stage, unless a cause is attached nearer the image.

        Args:
            depth: Number of stages, K; 1 is nearest the observed node.
            at: Stages chosen in the spec.
        """
        chosen: dict[str, int] = {}
        for name in self.order:
            above = [chosen[parent] for parent in self.parents(name)]
            chosen[name] = at.get(name, min([depth, *above]))
        return chosen

    def faithful_inverse(
        self, observed: Iterable[str]
    ) -> Mapping[str, tuple[str, ...]]:
        """What to condition each latent on, so that q(z | x) can be as p(z | x) is.

        A minimal faithful inverse (NaMI, Webb et al. 2018, arXiv 1712.00287): latents
        are taken out of the moral graph, causes before effects, among those always the
        one whose neighbours lack the fewest edges; its neighbours, now joined, are what
        it is conditioned on. Ties by name.

        Args:
            observed: The nodes that all else is conditioned on, in this graph; no
                latent may be an effect of theirs.

        Returns:
            For each latent the observed nodes and the latents before it that it is
            conditioned on, sorted; the latents in an order of sampling.
        """
        moral = _MoralGraph(self._graph)
        latents = frozenset(self._graph) - frozenset(observed)
        waiting = {name: self._graph.in_degree(name) for name in latents}
        ready = {name for name in latents if not waiting[name]}
        inverse: dict[str, tuple[str, ...]] = {}
        while ready:
            chosen = min(ready, key=lambda name: (moral.missing(name), name))
            inverse[chosen] = moral.eliminate(chosen)
            ready.remove(chosen)
            for child in latents.intersection(self._graph.successors(chosen)):
                waiting[child] -= 1
                if not waiting[child]:
                    ready.add(child)
        return dict(reversed(inverse.items()))


class _MoralGraph:
    """A graph with every node's parents joined and the directions dropped.

    Neighbours are bit sets: where all latents feed x, the graph is a clique.
    """

    def __init__(self, graph: nx.DiGraph[str]) -> None:
        moral = nx.moral_graph(graph)
        self._names = tuple(sorted(moral))
        self._place = {name: place for place, name in enumerate(self._names)}
        self._near = [
            sum(1 << self._place[other] for other in moral[name])
            for name in self._names
        ]
        self._missing: dict[int, int] = {}

    def missing(self, name: str) -> int:
        """How many edges there are not among the neighbours of `name`."""
        node = self._place[name]
        if node not in self._missing:
            own = self._near[node]
            apart = ((own & ~self._near[other]).bit_count() for other in _bits(own))
            self._missing[node] = (sum(apart) - own.bit_count()) // 2
        return self._missing[node]

    def eliminate(self, name: str) -> tuple[str, ...]:
        """Join the neighbours of `name` and remove it; the neighbours, sorted."""
        node = self._place[name]
        own = self._near[node]
        for other in _bits(own):
            joined = self._near[other] | own
            self._near[other] = joined & ~(1 << other) & ~(1 << node)
        # A node that lacks nothing stays so: what it gains comes joined to the rest.
        self._missing = {
            other: count
            for other, count in self._missing.items()
            if not (self._near[other] | 1 << other) & own or not count
        }
        return tuple(self._names[other] for other in _bits(own))


def _bits(mask: int) -> Iterator[int]:
    """Places of the ones, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
