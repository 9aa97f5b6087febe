"""Bins, levels and mutual information against numbers worked out by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from dagspec.evaluate.metrics import Factor
from dagspec.evaluate.metrics.discrete import (
    Information,
    code_levels,
    entropy,
    equal_bins,
    levels,
    quantile_bins,
)
from tests.evaluate.metrics.made import classes, codes, crossed


def test_equal_bins_are_those_of_a_histogram():
    values = np.random.default_rng(0).normal(size=5000)
    assert (
        np.bincount(equal_bins(values)).tolist() == np.histogram(values, 20)[0].tolist()
    )


def test_a_constant_code_is_one_level():
    assert len(set(equal_bins(np.full(9, 2.5)).tolist())) == 1


def test_quantile_bins_hold_equally_many_and_keep_ties_together():
    values = np.random.default_rng(0).exponential(size=1000)
    assert np.bincount(quantile_bins(values, 10)).tolist() == [100] * 10
    ties = np.repeat([1.0, 2.0, 3.0], [900, 50, 50])
    assert all(
        len(set(quantile_bins(ties, 10)[ties == each])) == 1 for each in (1, 2, 3)
    )


def test_a_factor_of_few_values_is_taken_as_it_is():
    values = np.tile(np.linspace(0, 1, 32), 20)
    assert len(set(levels(Factor("x", values)).tolist())) == 32


@pytest.mark.parametrize("count", [100, 10_000])
def test_a_continuous_factor_is_binned_whether_examples_are_few_or_many(count):
    values = np.random.default_rng(0).uniform(size=count)
    assert len(set(levels(Factor("x", values)).tolist())) == 20


def test_an_angle_that_comes_round_is_the_level_it_left_from():
    values = np.tile(np.linspace(0, 2 * np.pi, 40), 20)
    numbers = levels(Factor("o", values, "angle", period=2 * np.pi))
    assert len(set(numbers.tolist())) == 39
    assert numbers[0] == numbers[39]


def test_columns_that_add_up_to_one_are_one_choice():
    probable = np.array([[0.2, 0.5, 0.3], [0.9, 0.0, 0.1]])
    (numbers,) = code_levels(probable)
    assert numbers.tolist() == [1, 0]
    assert len(code_levels(probable - 0.1)) == 3
    assert len(code_levels(probable * 2)) == 3


def test_entropy_is_in_nats():
    assert entropy(np.array([5.0, 5.0, 0.0])) == pytest.approx(log(2))


def test_information_of_halves_and_quarters_is_exact():
    (four,) = crossed(4, times=25)
    own = Information(
        codes(all=four, half=four // 2, none=four * 0), [classes("f", four)]
    )
    mutual, entropies = own(np.ones(100))
    assert mutual[:, 0].tolist() == pytest.approx([log(4), log(2), 0], abs=1e-12)
    assert entropies.tolist() == pytest.approx([log(4)])


def test_weights_count_as_repeated_examples():
    generator = np.random.default_rng(3)
    four, weights = generator.integers(4, size=60), generator.integers(1, 4, size=60)
    code = generator.integers(20, size=60)
    own = Information(codes(a=code), [classes("f", four)])(weights.astype(float))
    again = np.repeat(np.arange(60), weights)
    expected = mutual_info_score(four[again], equal_bins(code.astype(float))[again])
    assert own[0][0, 0] == pytest.approx(expected)


def test_a_concept_of_several_columns_knows_what_its_best_column_knows():
    (four,) = crossed(4, times=25)
    both = codes(a=np.stack([four * 0, four // 2], axis=1))
    mutual, _ = Information(both, [classes("f", four)])(np.ones(100))
    assert mutual[0, 0] == pytest.approx(log(2))


def test_missing_values_do_not_count():
    (four,) = crossed(4, times=25)
    factor = Factor("f", np.append(four, [-1] * 50), "class", classes=4)
    own = Information(codes(a=np.append(four, [0] * 50)), [factor])
    assert own(np.ones(150))[0][0, 0] == pytest.approx(log(4))


@pytest.mark.parametrize("seed", range(5))
def test_noise_tells_nothing_and_a_weak_code_does(seed):
    generator = np.random.default_rng(seed)
    value = generator.normal(size=3000)
    weak = 0.3 * value + generator.normal(size=3000)
    own = codes(noise=generator.standard_t(2, size=3000), weak=weak)
    factors = [Factor("f", value), classes("k", generator.integers(10, size=3000))]
    assert Information(own, factors).telling().tolist() == [False, True]
