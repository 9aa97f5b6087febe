"""Generations, orders, cycles and reachability."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dagspec.graph import LatentGraph

PENDULUM = LatentGraph(
    ["pendulum_angle", "light_position", "shadow_length", "shadow_position"],
    [
        (cause, effect)
        for cause in ("pendulum_angle", "light_position")
        for effect in ("shadow_length", "shadow_position")
    ],
)
WATERFLOW = LatentGraph(
    ["ball_size", "water_level", "hole_position", "waterflow"],
    [
        ("ball_size", "water_level"),
        ("water_level", "waterflow"),
        ("hole_position", "waterflow"),
    ],
)


def test_pendulum_has_two_generations() -> None:
    assert PENDULUM.generations == {
        "pendulum_angle": 0,
        "light_position": 0,
        "shadow_length": 1,
        "shadow_position": 1,
    }


def test_waterflow_has_one_place_for_a_node_at_two_depths() -> None:
    assert WATERFLOW.generations == {
        "ball_size": 0,
        "hole_position": 0,
        "water_level": 1,
        "waterflow": 2,
    }
    assert WATERFLOW.parents("waterflow") == ("hole_position", "water_level")


def test_order_puts_parents_first_and_breaks_ties_by_name() -> None:
    assert WATERFLOW.order == ("ball_size", "hole_position", "water_level", "waterflow")


def test_relatives() -> None:
    assert WATERFLOW.ancestors("waterflow") == {
        "ball_size",
        "water_level",
        "hole_position",
    }
    assert WATERFLOW.descendants("ball_size") == {"water_level", "waterflow"}
    assert WATERFLOW.children("ball_size") == ("water_level",)


def test_reaching_goes_against_the_arrows() -> None:
    graph = LatentGraph("abcd", [("a", "b"), ("b", "c")])
    assert graph.reaching(["c"]) == {"a", "b", "c"}
    assert graph.reaching(["d"]) == {"d"}


def test_every_cycle_is_found_once_and_closed() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "d"), ("c", "d")]
    found = LatentGraph("abcdef", edges).find_cycles()
    assert found == (
        (("a", "b"), ("b", "c"), ("c", "a")),
        (("d", "e"), ("e", "d")),
    )


def test_no_cycle_in_a_graph_with_two_ways_to_a_node() -> None:
    assert WATERFLOW.find_cycles() == ()


@pytest.mark.parametrize("length", [5000])
def test_long_chains_and_cycles_do_not_recurse(length: int) -> None:
    names = [f"n{number:05d}" for number in range(length)]
    chain = list(pairwise(names))
    assert LatentGraph(names, chain).generations[names[-1]] == length - 1
    (cycle,) = LatentGraph(names, [*chain, (names[-1], names[0])]).find_cycles()
    assert len(cycle) == length


def test_stages_are_the_deepest_unless_chosen_here_or_above() -> None:
    assert set(WATERFLOW.stages(5, {}).values()) == {5}
    chosen = WATERFLOW.stages(5, {"water_level": 2})
    assert chosen == {
        "ball_size": 5,
        "hole_position": 5,
        "water_level": 2,
        "waterflow": 2,
    }
