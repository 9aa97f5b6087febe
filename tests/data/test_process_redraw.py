"""Noise that the facts do not tell is drawn from what they leave of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.data.processes import simulator

N = 40_000
LINES = """\
a ~ normal(0, 1)
u ~ uniform(a, a + 2)
on ~ bernoulli(1 / (1 + exp(-2 * a)))
k ~ categorical(1, exp(a), 0, 2 + on)
x = mlp(a, u, on, k)
"""


@pytest.fixture(scope="module")
def both():
    process = simulator(LINES)
    noise = process.noise(N, seed=4)
    return process, noise, process.redraw(noise, seed=7)


def test_the_same_happens(both):
    process, noise, again = both
    facts, same = process.factors(noise), process.factors(again)
    assert all((facts[name] == same[name]).all() for name in facts)


def test_what_is_known_from_a_number_is_kept_and_the_rest_is_not(both):
    _, noise, again = both
    assert (again["a"] == noise["a"]).all()
    assert (again["u"] == noise["u"]).all()
    assert (again["on"] != noise["on"]).all()
    assert (again["k"] != noise["k"]).all()


def test_all_in_all_it_is_the_noise_that_was(both):
    """Noise given the facts, these being drawn too, has its own distribution."""
    _, _, again = both
    assert stats.kstest(again["on"], "uniform").pvalue > 0.01
    for column in again["k"].T:
        assert stats.kstest(column, "gumbel_r").pvalue > 0.01
    other = np.corrcoef(np.column_stack([again["k"], again["a"]]).T) - np.eye(5)
    assert abs(other).max() < 5 / N**0.5


def test_it_is_no_more_known_than_the_facts_tell():
    process = simulator(
        "a ~ bernoulli(0.5)\nd ~ bernoulli(0.2 + 0.6 * a)\nx = mlp(a, d)"
    )
    noise = process.noise(N)
    first, other = (process.redraw(noise, seed) for seed in (1, 2))
    answers = [process.factors(each, {"a": 1.0})["d"] for each in (first, other)]
    # With a = 0 and d = 0 (4 in 10), u is in 0.2 to 1 and below 0.8 in 3 of 4 cases.
    assert np.mean(answers[0] != answers[1]) == pytest.approx(0.4 * 0.375, abs=0.01)
    assert np.mean(answers[0]) == pytest.approx(0.8, abs=0.01)


def test_a_seed_decides_it(both):
    process, noise, again = both
    same, other = process.redraw(noise, seed=7), process.redraw(noise, seed=8)
    assert all((again[name] == same[name]).all() for name in noise)
    assert (again["k"] != other["k"]).all()
