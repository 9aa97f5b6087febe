"""The bootstrap against intervals that theory gives."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics.intervals import bootstrap, mean_of, scored

SAMPLE = np.random.default_rng(0).normal(size=2000)


def mean(weights):
    return np.array([weights @ SAMPLE / weights.sum()])


def test_the_interval_of_a_mean_is_two_standard_errors_wide():
    low, high = bootstrap(mean, len(SAMPLE), seed=0, draws=4000)
    error = 1.96 * SAMPLE.std() / np.sqrt(len(SAMPLE))
    assert low[0] == pytest.approx(SAMPLE.mean() - error, abs=0.1 * error)
    assert high[0] == pytest.approx(SAMPLE.mean() + error, abs=0.1 * error)


def test_it_covers_the_truth_as_often_as_it_says():
    generator = np.random.default_rng(1)
    covered = 0
    for seed in range(200):
        sample = generator.binomial(1, 0.7, size=200)
        low, high = bootstrap(
            lambda w, own=sample: np.array([w @ own / w.sum()]), 200, seed, draws=300
        )
        covered += low[0] <= 0.7 <= high[0]
    assert 180 <= covered <= 199  # 95% of 200 is 190, give or take three


def test_the_seed_alone_decides():
    one, same, other = (
        bootstrap(mean, 2000, seed, draws=50)[0][0] for seed in (1, 1, 2)
    )
    assert one == same != other


def test_each_of_several_samples_is_drawn_from_apart():
    sums = []

    def counts(weights):
        sums.append((weights[:3].sum(), weights[3:].sum()))
        return np.zeros(1)

    bootstrap(counts, (3, 5), draws=20)
    assert set(sums) == {(3, 5)}


def test_a_biased_statistic_is_moved_back_to_its_own_estimate():
    def squared_mean(weights):
        return (weights @ SAMPLE / weights.sum() - SAMPLE.mean()) ** 2 * np.ones(1)

    low, high = bootstrap(squared_mean, 2000, centred=True)
    plain, _ = bootstrap(squared_mean, 2000)
    assert plain[0] > 0  # without it, the interval leaves the estimate, 0, outside
    assert low[0] < 0 < high[0]


def test_a_score_has_an_interval_of_each_part_and_stays_within_its_range():
    def shares(weights):
        return mean_of({"a": 1.0, "b": float(weights @ SAMPLE / weights.sum())})

    score = scored(shares, 2000, seed=0)
    assert score.value == pytest.approx((1 + SAMPLE.mean()) / 2)
    assert score.intervals["a"] == (1.0, 1.0)
    assert score.intervals["b"][0] == 0  # the mean is negative in some draws
    assert score.low is not None
    assert score.high is not None
    assert score.low < score.value < score.high
