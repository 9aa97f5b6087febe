"""Examples that share a factor's value."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics import Factor
from dagspec.evaluate.metrics.conditioning import Conditioned
from tests.evaluate.metrics.made import classes

LABELS = np.random.default_rng(0).permutation(np.repeat([0, 1, 2, 3], [50, 30, 19, 1]))
EVEN = np.arange(0, 100, 2)


def generator():
    return np.random.default_rng(0)


def test_pairs_are_two_examples_of_one_value_among_the_rows_allowed():
    one, other = Conditioned(classes("k", LABELS), EVEN).pairs(5000, generator())
    assert (LABELS[one] == LABELS[other]).all()
    assert (one != other).all()
    assert set(one.tolist()) | set(other.tolist()) <= set(EVEN.tolist())


def test_every_partner_is_as_likely_as_another():
    labels = np.array([0, 0, 0, 0, 1, 1])
    one, other = Conditioned(classes("k", labels), np.arange(6)).pairs(
        24_000, generator()
    )
    counts = np.zeros((6, 6))
    np.add.at(counts, (one, other), 1)
    expected = np.zeros((6, 6))
    expected[:4, :4] = (1 - np.eye(4)) * 24_000 / 6 / 3
    expected[4:, 4:] = (1 - np.eye(2)) * 24_000 / 6
    assert counts == pytest.approx(expected, rel=0.1)


def test_a_batch_is_of_one_value_and_has_no_example_twice():
    sampler, draws = Conditioned(classes("k", LABELS), np.arange(100)), generator()
    sizes = set()
    for _ in range(200):
        batch = sampler.batch(25, draws)
        assert len(set(LABELS[batch].tolist())) == 1
        assert len(set(batch.tolist())) == len(batch)
        sizes.add(len(batch))
    assert sizes == {25, 19}  # the third class has no more; the last has no pair


def test_values_come_as_often_as_they_are():
    sampler, draws = Conditioned(classes("k", LABELS), np.arange(100)), generator()
    first = [LABELS[sampler.batch(2, draws)[0]] for _ in range(3000)]
    assert np.bincount(first) / 3000 == pytest.approx(
        [50 / 99, 30 / 99, 19 / 99], abs=0.03
    )


def test_a_continuous_factor_is_held_within_a_quantile_bin():
    values = np.random.default_rng(1).normal(size=4000)
    one, other = Conditioned(Factor("f", values), np.arange(4000)).pairs(
        4000, generator()
    )
    ranks = values.argsort().argsort()
    assert (ranks[one] // 200 == ranks[other] // 200).all()


def test_what_is_unknown_is_never_drawn():
    values = np.where(np.arange(100) < 50, LABELS, -1)
    factor = Factor("k", values, "class", classes=4)
    one, other = Conditioned(factor, np.arange(100)).pairs(1000, generator())
    assert max(one.max(), other.max()) < 50


@pytest.mark.parametrize("values", [np.arange(3), np.full(3, -1)])
def test_examples_without_a_pair_are_refused_by_the_factors_name(values):
    factor = Factor("k", values, "class", classes=3)
    with pytest.raises(ValueError, match=r"no two examples .* factor `k`"):
        Conditioned(factor, np.arange(3))
