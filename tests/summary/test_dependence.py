"""How many edges a posterior lacks."""

from __future__ import annotations

import pytest

import dagspec
from dagspec.plan import Plan
from dagspec.summary import inverse
from dagspec.summary.inverse import Dependence, count_dependence

HEAD = "model m\nobserve x: bernoulli[1, 8, 8]\nlatent a, b, c: normal[1]\n"
MEAN_FIELD = "inference { structure = mean_field }\n"


def plan_of(text: str) -> Plan:
    return dagspec.lower(dagspec.parse(HEAD + text))


def test_a_clique_given_its_parents_lacks_nothing():
    found = count_dependence(plan_of("a -> b, c\nb -> c\n"))
    assert found == Dependence(joined=3, needed=3, lacking=0, pairs=())


def test_concepts_that_feed_x_together_lack_an_edge_unless_one_causes_the_other():
    found = count_dependence(plan_of("b -> a\n"))
    assert found == Dependence(1, 3, 2, (("a", "c"), ("b", "c")))


def test_mean_field_lacks_every_pair_that_the_inverse_joins():
    found = count_dependence(plan_of(MEAN_FIELD + "a -> b -> c\nc -> x\n"))
    assert found == Dependence(0, 2, 2, (("a", "b"), ("b", "c")))


@pytest.mark.parametrize("edges", ["", "a -> b\n", "a -> b -> c\na -> c\n"])
def test_large_models_of_which_all_feed_x_are_counted_without_a_search(
    edges: str, monkeypatch: pytest.MonkeyPatch
):
    searched = count_dependence(plan_of(edges))
    monkeypatch.setattr(inverse, "MOST_SEARCHED", 2)
    counted = count_dependence(plan_of(edges))
    assert counted == Dependence(
        searched.joined, searched.needed, searched.lacking, None
    )


def test_large_models_of_which_some_feed_x_are_not_counted(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(inverse, "MOST_SEARCHED", 2)
    found = count_dependence(plan_of("a -> b -> c\nc -> x\n"))
    assert found == Dependence(2, None, None, None)
