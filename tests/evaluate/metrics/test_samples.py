"""MMD, MeanE and StdE against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from dagspec.evaluate.metrics import mean_error, mmd, std_error
from dagspec.evaluate.metrics.samples import mmd_value
from tests.evaluate.metrics.made import codes, within


def normal(mean, deviation, n, seed):
    return np.random.default_rng(seed).normal(mean, deviation, size=n)


def expected_mmd(mean, deviation, n):
    """The biased estimate's mean for N(0, 1) and N(mean, deviation²), n of each."""
    apart = [(0.0, 2.0), (0.0, 2 * deviation**2), (mean, 1 + deviation**2)]
    squares = [m**2 + v for m, v in apart]
    # Of 2n rows, n - 1 of 2n - 1 others are of the same sample.
    width = ((n - 1) * (squares[0] + squares[1]) / 2 + n * squares[2]) / (2 * n - 1)
    total = 0.0
    for power in range(-2, 3):
        h = width * 2.0**power
        # E exp(-d²/h), d ~ N(m, v).
        xx, yy, xy = (
            (1 + 2 * v / h) ** -0.5 * np.exp(-(m**2) / (h + 2 * v)) for m, v in apart
        )
        diagonal = (1 - xx) / n + (1 - yy) / n  # k(x, x) = 1, of n² pairs
        total += xx + yy - 2 * xy + diagonal
    return total


@pytest.mark.parametrize(
    ("mean", "deviation", "n"),
    [(0, 1, 100), (1, 1, 400), (0, 2, 400), (0.5, 0.5, 400)],
)
def test_the_mmd_of_two_gaussians_is_that_of_theory(mean, deviation, n):
    found = [
        mmd(codes(a=normal(0, 1, n, s)), codes(a=normal(mean, deviation, n, 99 + s)))
        for s in range(30)
    ]
    expected = expected_mmd(mean, deviation, n)
    assert np.mean([score.value for score in found]) == pytest.approx(
        expected, rel=0.15
    )
    assert all(within(score) for score in found)


def test_it_is_the_formula_of_the_field():
    x, y = normal(0, 1, (50, 3), 0), normal(0.3, 1, (70, 3), 1)
    both = np.concatenate([x, y])
    squares = cdist(both, both, "sqeuclidean")
    width = squares.sum() / (120 * 119) / 4
    kernel = np.sum([np.exp(-squares / (width * 2**k)) for k in range(5)], axis=0)
    expected = kernel[:50, :50].mean() + kernel[50:, 50:].mean()
    expected -= 2 * kernel[:50, 50:].mean()
    assert mmd(codes(a=x), codes(a=y)).value == pytest.approx(expected)
    assert mmd_value(x, y) == pytest.approx(expected)


def test_a_sample_is_at_no_distance_from_itself():
    own = codes(a=normal(0, 1, 300, 0))
    assert mmd(own, own).value == pytest.approx(0, abs=1e-12)
    still = codes(a=np.ones(30))
    assert mmd(still, still).value == pytest.approx(0, abs=1e-12)


def test_where_a_sample_lies_decides_nothing():
    x, y = normal(0, 1, 300, 0), normal(1, 1, 300, 1)
    near, far = (mmd(codes(a=x + c), codes(a=y + c)).value for c in (0, 1e6))
    assert near == pytest.approx(far, rel=1e-6)


def test_the_interval_of_the_mmd_covers_its_mean():
    expected, covered = expected_mmd(0.7, 1, 150), 0
    for seed in range(60):
        sample, reference = normal(0, 1, 150, seed), normal(0.7, 1, 150, 500 + seed)
        score = mmd(codes(a=sample), codes(a=reference), seed=seed)
        assert score.low is not None
        assert score.high is not None
        covered += score.low <= expected <= score.high
    assert covered >= 51  # 57 is 95%; three standard errors below


def test_at_most_a_thousand_rows_are_taken_and_the_seed_says_which():
    x, y = codes(a=normal(0, 1, 3000, 0)), codes(a=normal(1, 1, 3000, 1))
    one, same, other = (mmd(x, y, seed=seed).value for seed in (1, 1, 2))
    assert one == same != other
    assert one == pytest.approx(expected_mmd(1, 1, 1000), rel=0.2)


def test_errors_of_moments_are_squared_and_named():
    x = normal(0, 1, 500, 0)
    sample, reference = codes(b=x, c=2 * x), codes(b=x + 0.5, c=5 * x)
    mean = mean_error(sample, reference)
    assert mean.parts == pytest.approx({"b": 0.25, "c": (3 * x.mean()) ** 2})
    assert mean.value == pytest.approx((0.25 + (3 * x.mean()) ** 2) / 2)
    spread = std_error(sample, reference)
    assert spread.parts == pytest.approx({"b": 0, "c": (3 * x.std(ddof=1)) ** 2})
    assert within(mean)
    assert within(spread)


@pytest.mark.parametrize("metric", [mmd, mean_error, std_error])
def test_samples_that_cannot_be_compared_are_refused(metric):
    x = np.ones(9)
    with pytest.raises(ValueError, match="differ in their columns: a and a, b"):
        metric(codes(a=x), codes(a=x, b=x))
    with pytest.raises(ValueError, match="two rows at least"):
        metric(codes(a=x), codes(a=x[:1]))
