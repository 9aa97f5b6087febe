"""A process that runs: samples, interventions, counterfactuals with known answers."""

from __future__ import annotations

import pickle
from itertools import pairwise, permutations

import numpy as np
import pytest

from dagspec.data.process import Simulator
from dagspec.data.process.exogenous import OBSERVED
from tests.data.processes import EVERY_FAMILY, TRIANGLE, simulator

MANY = 200_000
LINEAR = """
a ~ normal(1, 2)
b ~ normal(0.5 * a - 1, 0.8)
c ~ normal(0.8 * a + 2 * b, 0.5)
d = 3 * c - a
x = mlp(a, b, c)
"""


def sample(lines: str, n: int = MANY, **do: float):
    process = simulator(lines)
    return process.factors(process.noise(n), do)


def test_the_moments_of_a_linear_process_are_those_on_paper():
    found = sample(LINEAR)
    mean = {"a": 1.0, "b": -0.5, "c": -0.2, "d": -1.6}
    # c = 1.8a - 2 + 1.6 e_b + 0.5 e_c; d = 4.4a - 6 + 4.8 e_b + 1.5 e_c
    variance = {
        "a": 4.0,
        "b": 1.0 + 0.64,
        "c": 1.8**2 * 4 + 1.6**2 + 0.25,
        "d": 4.4**2 * 4 + 4.8**2 + 2.25,
    }
    for name, values in found.items():
        std = variance[name] ** 0.5
        assert values.mean() == pytest.approx(mean[name], abs=5 * std / MANY**0.5)
        assert values.var() == pytest.approx(variance[name], rel=5 * (2 / MANY) ** 0.5)
    covariance = np.cov(found["a"], found["c"])[0, 1]
    assert covariance == pytest.approx(1.8 * 4, rel=0.02)


def test_a_uniform_has_its_limits_and_its_moments():
    u = sample("u ~ uniform(-1, 3)\nx = mlp(u)")["u"]
    assert u.min() >= -1
    assert u.max() < 3
    assert u.mean() == pytest.approx(1, abs=0.02)
    assert u.var() == pytest.approx(16 / 12, rel=0.02)


def test_classes_come_as_often_as_their_weights_say():
    lines = "k ~ categorical(2, 0, 3, 5)\nx = mlp(k)"
    shares = np.bincount(sample(lines)["k"].astype(int), minlength=4) / MANY
    assert shares[1] == 0
    np.testing.assert_allclose(shares, [0.2, 0, 0.3, 0.5], atol=0.006)


def test_weights_may_follow_a_cause():
    lines = "a ~ bernoulli(0.5)\nk ~ categorical(1 + 8 * a, 1)\nx = mlp(a, k)"
    found = sample(lines)
    for a, share in ((0, 0.5), (1, 0.1)):
        assert found["k"][found["a"] == a].mean() == pytest.approx(share, abs=0.008)


def test_a_bernoulli_comes_as_often_as_it_should():
    found = sample("a ~ normal(0, 1)\non ~ bernoulli(0.1 + 0.5 * (a > 0))\nx = mlp(on)")
    for positive, share in ((True, 0.6), (False, 0.1)):
        on = found["on"][(found["a"] > 0) == positive]
        assert set(np.unique(on)) == {0, 1}
        assert on.mean() == pytest.approx(share, abs=0.008)


def test_a_likelier_bernoulli_is_on_wherever_a_less_likely_one_was():
    process = simulator("p ~ uniform(0, 1)\non ~ bernoulli(p)\nx = mlp(on)")
    noise = process.noise(2000)
    on = [process.factors(noise, {"p": p})["on"] for p in (0, 0.3, 0.7, 1)]
    assert on[0].sum() == 0
    assert on[-1].sum() == 2000
    for less, more in pairwise(on):
        assert (less <= more).all()


def test_more_weight_never_takes_an_example_from_its_class():
    lines = "w ~ uniform(1, 2)\nk ~ categorical(w, 1, 1)\nx = mlp(k)"
    process = simulator(lines)
    noise = process.noise(5000)
    before, after = (process.factors(noise, {"w": w})["k"] for w in (1, 4))
    assert (after[before == 0] == 0).all()
    changed = before != after
    assert changed.any()
    assert (after[changed] == 0).all()


def test_setting_a_variable_changes_only_what_is_made_of_it():
    process = simulator(LINEAR)
    noise = process.noise(500)
    facts, changed = process.factors(noise), process.factors(noise, {"b": 2.0})
    assert np.array_equal(changed["a"], facts["a"])
    assert (changed["b"] == 2).all()
    expected = 0.8 * facts["a"] + 2 * 2.0 + 0.5 * noise["c"]
    np.testing.assert_allclose(changed["c"], expected, rtol=1e-12)
    np.testing.assert_allclose(changed["d"], 3 * expected - facts["a"], rtol=1e-12)


def test_a_counterfactual_is_the_one_worked_out_by_hand():
    process = simulator(LINEAR)
    noise = process.noise(500)
    facts = process.factors(noise)
    # Abduction from the facts alone, then action on a, then prediction.
    e_b = facts["b"] - (0.5 * facts["a"] - 1)
    e_c = facts["c"] - (0.8 * facts["a"] + 2 * facts["b"])
    b = 0.5 * -3.0 - 1 + e_b
    c = 0.8 * -3.0 + 2 * b + e_c
    found = process.factors(noise, {"a": -3.0})
    np.testing.assert_allclose(found["b"], b, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["c"], c, rtol=1e-9, atol=1e-12)


def test_several_variables_may_be_set_each_example_to_its_own_value():
    process = simulator(LINEAR)
    noise = process.noise(4)
    a, b = np.arange(4.0), np.array([3.0, -1.0, 0.0, 2.0])
    found = process.factors(noise, {"b": b, "a": a})
    assert np.array_equal(found["a"], a)
    assert np.array_equal(found["b"], b)
    np.testing.assert_allclose(found["c"], 0.8 * a + 2 * b + 0.5 * noise["c"])


def test_a_computed_variable_may_be_set_too():
    process = simulator(EVERY_FAMILY)
    assert (process.factors(process.noise(9), {"d": 5})["d"] == 5).all()


def test_setting_what_is_so_already_changes_nothing():
    process = simulator(EVERY_FAMILY)
    noise = process.noise(300)
    facts = process.factors(noise)
    for name, value in facts.items():
        again = process.factors(noise, {name: value})
        assert all(np.array_equal(again[each], facts[each]) for each in facts), name


def test_the_mean_under_an_intervention_is_not_that_of_seeing():
    found = sample(LINEAR, b=1.0)
    assert found["c"].mean() == pytest.approx(0.8 * 1 + 2 * 1, abs=0.03)
    facts = sample(LINEAR)
    seen = facts["c"][np.abs(facts["b"] - 1) < 0.1].mean()
    assert seen > 3.3  # a is larger where b is


def test_the_order_of_the_lines_means_nothing():
    lines = EVERY_FAMILY.split("\n")[1:-1]
    first = simulator(EVERY_FAMILY)
    facts = first.factors(first.noise(50))
    for order in list(permutations(lines))[::97]:
        process = simulator("\n".join(order))
        found = process.factors(process.noise(50))
        assert all(np.array_equal(found[name], facts[name]) for name in facts)
        assert list(found) == [each.name for each in process.columns]


def test_noise_belongs_to_a_variable_whatever_others_there_are():
    lines = "c ~ uniform(0, 1)\na ~ normal(c, 1)\nx = mlp(a, c)"
    one, other = simulator(TRIANGLE), simulator(lines)
    assert np.array_equal(one.noise(9, 3)["a"], other.noise(9, 3)["a"])
    noise = one.noise(MANY)
    names = sorted({*noise} - {OBSERVED})
    streams = [noise[name] for name in names] + [*noise[OBSERVED].T]
    apart = np.corrcoef(streams) - np.eye(len(streams))
    assert np.abs(apart).max() < 5 / MANY**0.5


def test_noise_is_decided_by_the_seed():
    process = simulator(EVERY_FAMILY)
    one, same, other = process.noise(9, 1), process.noise(9, 1), process.noise(9, 2)
    assert list(one) == ["a", "k", "on", "u", OBSERVED]
    assert one["k"].shape == (9, 3)
    assert one[OBSERVED].shape == (9, 20)
    for name, values in one.items():
        assert values.dtype == np.float64
        assert np.array_equal(values, same[name])
        assert not np.array_equal(values, other[name])


def test_the_noise_of_fewer_examples_is_the_first_of_more():
    process = simulator(EVERY_FAMILY)
    few, more = process.noise(7, 5), process.noise(5000, 5)
    assert all(np.array_equal(few[name], more[name][:7]) for name in few)


def test_what_is_observed_is_rendered_and_has_noise_of_its_own():
    lines = TRIANGLE.replace("mlp(a, b, c)", "mlp(a, b, c, noise = 0.3)")
    process = simulator(lines)
    noise = process.noise(20_000)
    factors = process.factors(noise)
    clean, seen = process.render(factors), process.observe(factors, noise)
    assert clean.dtype == seen.dtype == np.float32
    assert clean.shape == seen.shape == (20_000, 20)
    np.testing.assert_allclose(seen - clean, 0.3 * noise[OBSERVED], atol=1e-5)
    changed = process.factors(noise, {"c": 1.0})
    difference = process.observe(changed, noise) - process.render(changed)
    np.testing.assert_allclose(difference, seen - clean, atol=1e-5)


def test_the_graph_is_the_true_one():
    graph = simulator(EVERY_FAMILY).graph
    assert graph.parents("d") == ("a", "k")
    assert graph.parents("on") == ("a",)
    assert graph.descendants("u") == {"a", "d", "on"}
    assert graph.ancestors("k") == set()


def test_a_simulator_survives_pickling():
    process = simulator(EVERY_FAMILY)
    noise = process.noise(5)
    again = pickle.loads(pickle.dumps(process))
    assert isinstance(again, Simulator)
    one, other = (p.observe(p.factors(noise), noise) for p in (process, again))
    assert np.array_equal(one, other)
