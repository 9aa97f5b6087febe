"""MCC and its diagonal where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from dagspec.evaluate.metrics import (
    Factor,
    associations,
    diagonal,
    mcc,
    mcc_spearman,
)
from tests.evaluate.metrics.made import classes, codes, within

GENERATOR = np.random.default_rng(0)
N = 4000
A, B, C = GENERATOR.normal(size=(3, N))
LABELS = GENERATOR.integers(3, size=N)
REAL = [Factor("a", A), Factor("b", B), Factor("c", C)]
ANGLE = Factor("o", GENERATOR.uniform(0, 180, size=N), "angle", period=180.0)


def test_a_permutation_is_found_by_matching_and_not_by_the_diagonal():
    own = codes(a=-B, b=C, c=2 * A)
    assert mcc(own, REAL).value == pytest.approx(1)
    assert diagonal(own, REAL).value < 0.05
    assert diagonal(own, REAL, {"a": "b", "b": "c", "c": "a"}).value == pytest.approx(1)


def test_a_rotated_pair_correlates_by_the_cosine():
    own = codes(a=A + B, b=A - B)
    score = diagonal(own, REAL[:2])
    assert score.parts == pytest.approx(dict.fromkeys("ab", np.sqrt(0.5)), abs=0.02)
    assert within(score)


def test_noise_of_the_codes_own_size_leaves_the_root_of_a_half():
    score = diagonal(codes(a=A + C), REAL)
    assert score.value == pytest.approx(np.sqrt(0.5), abs=0.02)
    # The standard error of a correlation is (1 - r²)/sqrt N.
    assert score.low == pytest.approx(score.value - 1.96 * 0.5 / np.sqrt(N), abs=0.004)
    assert score.high == pytest.approx(score.value + 1.96 * 0.5 / np.sqrt(N), abs=0.004)


def test_the_matrix_and_its_matching_are_the_formulas_of_the_field():
    values = np.stack([A + 0.5 * B, B * A, np.exp(C) + A, C - B], axis=1)
    own = codes(**dict(zip("wxyz", values.T, strict=True)))
    both = np.concatenate([values, np.stack([A, B, C], axis=1)], axis=1)
    pearson = np.abs(np.corrcoef(both, rowvar=False))[:4, 4:]
    ordered = np.argsort(np.argsort(both, axis=0), axis=0)
    spearman = np.abs(np.corrcoef(ordered, rowvar=False))[:4, 4:]
    assert associations(own, REAL) == pytest.approx(pearson)
    assert associations(own, REAL, ranks=True) == pytest.approx(spearman)
    for metric, matrix in ((mcc, pearson), (mcc_spearman, spearman)):
        best = matrix[linear_sum_assignment(-matrix)].mean()
        assert metric(own, REAL).value == pytest.approx(best)


def test_ranks_see_through_a_monotonous_bend():
    bent = codes(a=np.exp(2 * A))
    assert mcc_spearman(bent, REAL[:1]).value == pytest.approx(1)
    assert mcc(bent, REAL[:1]).value < 0.6


def test_a_factor_without_a_concept_left_counts_as_nothing():
    assert mcc(codes(a=A), REAL).parts == pytest.approx({"a": 1, "b": 0, "c": 0})


def test_several_columns_have_the_multiple_correlation():
    own = codes(a=np.stack([A + B, A - B + C], axis=1))
    z = own.values - own.values.mean(axis=0)
    fitted = z @ np.linalg.lstsq(z, A - A.mean(), rcond=None)[0]
    expected = np.corrcoef(fitted, A)[0, 1]
    assert diagonal(own, REAL).value == pytest.approx(expected, abs=0.002)


def test_many_columns_of_noise_are_not_rewarded():
    noise = np.random.default_rng(1).normal(size=(200, 50))
    # Fitted and tried on the same examples, they would have a correlation of 0.5.
    assert diagonal(codes(a=noise), [Factor("a", A[:200])]).value < 0.2


def test_an_angle_needs_both_columns_and_is_blind_to_where_it_starts():
    turn = np.pi / 7
    shift = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    assert diagonal(codes(o=ANGLE.targets() @ shift), [ANGLE]).value == pytest.approx(1)
    one = diagonal(codes(o=ANGLE.targets()[:, 0]), [ANGLE]).value
    assert one == pytest.approx(np.sqrt(0.5), abs=0.02)


def test_the_wrong_period_hides_an_angle():
    values = GENERATOR.uniform(0, 360, size=N)
    whole = Factor("o", values, "angle", period=360.0)
    half = Factor("o", values, "angle", period=180.0)
    for one, other in ((whole, half), (half, whole)):
        own = codes(o=one.targets())
        assert diagonal(own, [one]).value == pytest.approx(1)
        assert diagonal(own, [other]).value < 0.05


def test_an_angle_of_two_values_is_told_by_its_cosine_alone():
    values = LABELS.clip(0, 1) * 0.5
    angle = Factor("o", values, "angle", period=1.0)
    assert diagonal(codes(o=values), [angle]).value == pytest.approx(1)


@pytest.mark.parametrize("ranks", [False, True])
def test_a_class_is_told_by_a_choice_in_any_order_and_by_clusters(ranks):
    factor = [classes("k", LABELS)]
    one_hot = np.eye(3)[(LABELS + 1) % 3]
    line = 10.0 * LABELS + GENERATOR.normal(size=N)
    assert associations(codes(k=one_hot), factor, ranks=ranks)[0, 0] == 1
    assert associations(codes(k=line), factor, ranks=ranks)[0, 0] > 0.97


def test_a_class_counts_from_chance():
    right = np.where(
        GENERATOR.uniform(size=N) < 0.5, LABELS, GENERATOR.integers(3, size=N)
    )
    score = diagonal(codes(k=np.eye(3)[right]), [classes("k", LABELS)])
    assert score.value == pytest.approx(0.5, abs=0.04)  # half known, half guessed
    noise = diagonal(codes(k=A), [classes("k", LABELS)])
    assert noise.value < 0.05


def test_a_rare_class_counts_as_much_as_a_frequent_one():
    rare = (np.arange(N) % 20 == 0).astype(np.int64)
    always = diagonal(codes(k=np.eye(2)[rare * 0]), [classes("k", rare)])
    assert always.value == 0


def test_constant_codes_go_with_nothing():
    own = codes(a=np.full(N, 0.1), k=np.full((N, 3), 1 / 3))
    assert associations(own, [*REAL, classes("k", LABELS), ANGLE]).max() == 0


def test_missing_values_do_not_count():
    values = np.where(A > 0, A, np.nan)
    wrong = np.where(A > 0, A, C)
    assert diagonal(codes(a=wrong), [Factor("a", values)]).value == pytest.approx(1)


def test_pairs_that_are_none_are_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="no concept is named after a factor"):
        diagonal(codes(x=A), REAL)
    with pytest.raises(ValueError, match="`x`, `d`: concepts are x; factors are a"):
        diagonal(codes(x=A), REAL, {"x": "d"})


def test_factors_outside_the_pairs_may_be_constant():
    constant = Factor("color", np.ones(N))
    assert diagonal(codes(a=A), [REAL[0], constant]).value == pytest.approx(1)


@pytest.mark.parametrize("share", [0.5, 0.1, 0.02])
def test_ranks_of_a_class_that_is_told_perfectly_are_no_worse_than_values(share):
    rng = np.random.default_rng(2)
    on = (rng.random(N) < share).astype(np.int64)
    own = codes(on=np.where(on, 0.99, 0.01) + 0.001 * rng.standard_normal(N))
    factor = [classes("on", on)]
    assert mcc_spearman(own, factor).value == mcc(own, factor).value == 1
