"""IRS where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics import Factor, irs
from tests.evaluate.metrics.made import classes, codes, crossed, within

A, B = crossed(4, 5, times=10)
FACTORS = [classes("a", A), classes("b", B)]


def test_codes_of_one_factor_each_are_robust():
    score = irs(codes(one=2 * A, two=B), FACTORS)
    assert score.value == 1
    assert within(score)


def test_a_sum_of_two_factors_is_robust_by_half():
    first, second = crossed(2, 2, times=50)
    factors = [classes("a", first), classes("b", second)]
    # z is 0, 1, 1, 2: at most 1 from its mean; given one factor, at most 1/2.
    assert irs(codes(z=first + second), factors).value == pytest.approx(0.5)


def test_codes_are_weighted_by_their_deviation():
    first, second = crossed(2, 2, times=50)
    factors = [classes("a", first), classes("b", second)]
    both = codes(z=first + second, a=first * 6)
    # Deviations 1 and 3, robust by 1/2 and by 1.
    assert irs(both, factors).value == pytest.approx((0.5 * 1 + 1 * 3) / 4)


def test_noise_is_hardly_robust():
    generator = np.random.default_rng(0)
    own = codes(z=generator.normal(size=10_000))
    factors = [classes("k", generator.integers(3, size=10_000))]
    assert irs(own, factors).value < 0.02


def test_the_maximum_below_and_a_quantile_above_the_line_would_reward_noise():
    generator = np.random.default_rng(0)
    z, factor = generator.normal(size=10_000), generator.integers(3, size=10_000)
    away = [abs(z[factor == k] - z[factor == k].mean()) for k in range(3)]
    above = np.mean([np.quantile(each, 0.99) for each in away])
    assert 0.3 < 1 - above / abs(z - z.mean()).max() < 0.4


@pytest.mark.parametrize("quantile", [1.0, 0.9])  # 1 is the paper's
def test_it_is_the_formula_of_the_paper(quantile):
    generator = np.random.default_rng(1)
    z = np.stack([A + generator.normal(size=len(A)), A * B, B + 0.1 * A], axis=1)
    greatest = np.quantile(abs(z - z.mean(axis=0)), quantile, axis=0)
    robust = []
    for factor in (A, B):
        each = [z[factor == k] for k in range(factor.max() + 1)]
        away = [
            np.quantile(abs(part - part.mean(axis=0)), quantile, axis=0)
            for part in each
        ]
        robust.append(1 - np.mean(away, axis=0) / greatest)
    expected = np.average(np.max(robust, axis=0), weights=greatest)
    own = codes(**dict(zip("xyz", z.T, strict=True)))
    assert irs(own, FACTORS, quantile=quantile).value == pytest.approx(expected)


def test_a_continuous_factor_is_held_within_bins():
    generator = np.random.default_rng(2)
    value, other = generator.uniform(size=(2, 10_000))
    factors = [Factor("v", value), Factor("w", other)]
    # A twentieth of the range is left within a bin.
    assert irs(codes(v=value, w=other), factors).value == pytest.approx(0.95, abs=0.01)


def test_constant_columns_are_left_out():
    score = irs(codes(one=A, none=A * 0), FACTORS)
    assert score.parts == {"one": 1}
    assert irs(codes(none=A * 0.0), FACTORS).value == 0


def test_unlabelled_examples_count_for_other_factors_only():
    few = Factor("a", np.where(np.arange(len(A)) % 2, -1, A), "class", classes=4)
    wrong = np.where(few.known, A, 9 - A)
    assert irs(codes(one=wrong), [few]).value == 1


@pytest.mark.parametrize("quantile", [0.0, 1.5, float("nan")])
def test_a_quantile_that_is_none_is_refused(quantile):
    with pytest.raises(ValueError, match=r"the quantile .* is not above 0"):
        irs(codes(one=A), FACTORS, quantile=quantile)
