"""Minimal faithful inverses: by hand, and against d-separation on random graphs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise, product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagspec.graph import LatentGraph

Edges = list[tuple[str, str]]


def inverse(edges: Edges, *observed: str) -> dict[str, tuple[str, ...]]:
    names = {name for edge in edges for name in edge}
    kept = names.intersection(observed or ("x",))
    return dict(LatentGraph(names, edges).faithful_inverse(kept))


def test_a_chain_is_turned_around():
    assert inverse([("a", "b"), ("b", "x")]) == {"a": ("b",), "b": ("x",)}


def test_causes_of_x_depend_on_one_another_and_a_tie_goes_by_name():
    assert inverse([("a", "x"), ("b", "x")]) == {"b": ("x",), "a": ("b", "x")}


def test_parents_of_one_latent_depend_on_one_another():
    found = inverse([("a", "c"), ("b", "c"), ("c", "x")])
    assert found == {"c": ("x",), "b": ("c",), "a": ("b", "c")}


def test_effects_of_a_latent_are_joined_when_it_is_taken_out():
    found = inverse([("a", "b"), ("a", "c"), ("b", "x"), ("c", "y")], "x", "y")
    assert found == {"c": ("x", "y"), "b": ("c", "x"), "a": ("b", "c")}


def test_the_latent_whose_neighbours_lack_fewest_edges_is_taken_out_first():
    edges = [("a", "c"), ("a", "d"), ("b", "e"), ("c", "x"), ("d", "y"), ("e", "z")]
    assert list(inverse(edges, "x", "y", "z"))[::-1] == ["b", "e", "a", "c", "d"]


def test_of_latents_that_all_feed_x_every_pair_is_joined():
    names = [f"z{i}" for i in range(8)]
    found = inverse([(name, "x") for name in names])
    assert sorted(map(len, found.values())) == list(range(1, 9))


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    """Up to five latents of which each reaches the observed node x."""
    names = draw(st.permutations("abcde"))[: draw(st.integers(1, 5))]
    pairs = list(combinations(names, 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    causes = {cause for cause, _ in edges}
    feeding = draw(st.sets(st.sampled_from(names))) | set(names) - causes
    return [*edges, *((name, "x") for name in sorted(feeding))]


def directed(found: dict[str, tuple[str, ...]]) -> nx.DiGraph:
    return nx.DiGraph([(u, v) for v, given in found.items() for u in given])


def subsets(names: Iterable[str]) -> Iterable[set[str]]:
    names = sorted(names)
    return (set(s) for n in range(len(names) + 1) for s in combinations(names, n))


@given(graphs())
def test_what_the_inverse_separates_is_separated_in_the_graph(edges: Edges):
    graph, turned = nx.DiGraph(edges), directed(inverse(edges))
    for a, b in combinations(graph, 2):
        for given_ in subsets(set(graph) - {a, b}):
            if nx.is_d_separator(turned, {a}, {b}, given_):
                assert nx.is_d_separator(graph, {a}, {b}, given_), (a, b, given_)


@given(graphs())
def test_no_edge_of_the_inverse_can_be_left_out(edges: Edges):
    graph = nx.DiGraph(edges)
    for name, given_ in inverse(edges).items():
        for left_out in given_:
            others = set(given_) - {left_out}
            assert not nx.is_d_separator(graph, {name}, {left_out}, others)


@given(graphs())
def test_latents_come_after_what_they_are_given(edges: Edges):
    seen = {"x"}
    for name, given_ in inverse(edges).items():
        assert seen.issuperset(given_)
        seen.add(name)
    assert seen == {name for edge in edges for name in edge}


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_declaration_changes_nothing(edges: Edges, random):
    shuffled = random.sample(edges, len(edges))
    assert list(inverse(shuffled).items()) == list(inverse(edges).items())


@st.composite
def wide_graphs(draw: st.DrawFn) -> Edges:
    """Eight latents and three observed nodes, sparse enough for edges to be lacking."""
    names, observed = "abcdefgh", "xyz"
    pairs = [*combinations(names, 2), *product(names, observed)]
    return draw(st.lists(st.sampled_from(pairs), unique=True, min_size=8, max_size=14))


@given(wide_graphs())
@settings(max_examples=300)
def test_each_latent_is_the_one_that_lacks_fewest_edges_in_its_turn(edges: Edges):
    graph = nx.DiGraph(edges)
    moral = nx.moral_graph(graph)
    left = set(graph) - set("xyz")
    for name, neighbours in reversed(inverse(edges, *"xyz").items()):
        ready = [n for n in left if left.isdisjoint(graph.predecessors(n))]
        assert name == min(ready, key=lambda n: (lacking(moral, n), n))
        assert neighbours == tuple(sorted(moral[name]))
        moral.add_edges_from(combinations(neighbours, 2))
        moral.remove_node(name)
        left.remove(name)
    assert not left


def lacking(moral: nx.Graph, name: str) -> int:
    return sum(not moral.has_edge(a, b) for a, b in combinations(moral[name], 2))


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_chain_of_any_length_needs_no_edge_more(count: int):
    names = [f"z{i:02}" for i in range(count)] + ["x"]
    found = inverse(list(pairwise(names)))
    assert all(len(given_) == 1 for given_ in found.values())
