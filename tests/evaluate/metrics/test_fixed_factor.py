"""FactorVAE and beta-VAE score where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics import Factor, beta_vae_score, factor_vae_score
from tests.evaluate.metrics.made import classes, codes, within

GENERATOR = np.random.default_rng(0)
N = 4000
REAL = GENERATOR.normal(size=(3, N))
LABELS = GENERATOR.integers(4, size=N)
FACTORS = [
    *(Factor(name, each) for name, each in zip("abc", REAL, strict=True)),
    classes("k", LABELS),
]
NOISE = GENERATOR.normal(size=(N, 4))
PERFECT = codes(k=LABELS, c=REAL[2], a=REAL[0], b=REAL[1])
BOTH = pytest.mark.parametrize("metric", [factor_vae_score, beta_vae_score])


@BOTH
def test_codes_that_are_the_factors_are_always_told_apart(metric):
    score = metric(PERFECT, FACTORS)
    assert score.value > 0.99
    assert set(score.parts) == {"a", "b", "c", "k"}
    assert within(score)


@BOTH
def test_noise_is_told_apart_by_chance(metric):
    score = metric(codes(**dict(zip("wxyz", NOISE.T, strict=True))), FACTORS)
    assert score.value == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        # Of the batches with an unknown factor, half vote for the code of another one,
        # and the other half are right for one of the two unknown.
        (factor_vae_score, (1 + 1 + 0.5 + 0) / 4),
        (beta_vae_score, (1 + 1 + 0.5 + 0.5) / 4),
    ],
)
def test_two_factors_of_four_that_no_code_knows_are_guessed(metric, expected):
    own = codes(a=REAL[0], b=REAL[1], w=NOISE[:, 0], x=NOISE[:, 1])
    assert metric(own, FACTORS).value == pytest.approx(expected, abs=0.03)


@BOTH
def test_two_factors_in_one_code_are_mixed_up(metric):
    own = codes(both=REAL[0] + REAL[1])
    assert metric(own, FACTORS[:2]).value == pytest.approx(0.5, abs=0.05)


@BOTH
def test_the_unit_of_codes_that_are_kept_decides_nothing(metric):
    large = codes(k=LABELS * 50, c=REAL[2] * 3, a=REAL[0], b=REAL[1])
    assert metric(large, FACTORS).value > 0.99


@BOTH
def test_the_seed_alone_decides(metric):
    own = codes(a=REAL[0] + NOISE[:, 0], b=REAL[1], w=NOISE[:, 1])
    one, same, other = (metric(own, FACTORS, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.value != other.value


@BOTH
def test_two_factors_are_needed(metric):
    with pytest.raises(ValueError, match="2 factors are needed"):
        metric(PERFECT, FACTORS[:1])


def test_pruned_columns_have_no_vote_wherever_they_stand():
    # What is pruned would win every vote: within a batch, it does not vary at all.
    idle = np.where(np.arange(N) == 7, 0.5, 0.0)
    pruned = codes(i=idle, k=LABELS, j=idle, c=REAL[2], a=REAL[0], b=REAL[1], h=idle)
    score = factor_vae_score(pruned, FACTORS)
    assert score == factor_vae_score(PERFECT, FACTORS)
    doubled = factor_vae_score(codes(i=idle * 100, c=REAL[2]), FACTORS)
    assert doubled.value < 0.5  # the same column, when it is not pruned


def test_codes_that_are_all_pruned_score_nothing():
    score = factor_vae_score(codes(a=NOISE[:, 0] * 1e-3), FACTORS)
    assert (score.value, score.low, score.high) == (0, 0, 0)


def test_a_constant_code_is_no_obstacle_to_the_beta_vae_score():
    idle = np.zeros(N)
    score = beta_vae_score(
        codes(i=idle, k=LABELS, c=REAL[2], a=REAL[0], b=REAL[1]), FACTORS
    )
    assert score == beta_vae_score(PERFECT, FACTORS)


def test_a_fixed_cause_makes_its_effect_quiet_as_well():
    effect = REAL[0] + 0.05 * REAL[1]
    factors = [Factor("cause", REAL[0]), Factor("effect", effect)]
    perfect = factor_vae_score(codes(cause=REAL[0], effect=effect), factors)
    apart = factor_vae_score(codes(a=REAL[0], b=REAL[1]), FACTORS[:2])
    assert perfect.value < apart.value - 0.05


def test_votes_are_those_of_the_least_normalised_variance():
    labels = np.tile([0, 1], 2000)
    sign = 2 * labels - 1.0
    # Given a, x varies by 1 of 2, y by 4 of 5; given b, both vary in full.
    own = codes(x=REAL[0] + sign, y=2 * REAL[1] + sign)
    factors = [classes("a", labels), classes("b", GENERATOR.integers(2, size=4000))]
    share = factor_vae_score(own, factors)
    assert share.parts["a"] > 0.9
    assert share.parts["b"] < 0.7
