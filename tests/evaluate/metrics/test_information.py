"""MIG and modularity where the answer is known."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from dagspec.evaluate.metrics import Factor, mig, modularity, mutual_information
from tests.evaluate.metrics.made import classes, codes, crossed, within

A, B = crossed(4, 4, times=20)
FACTORS = [classes("a", A), classes("b", B)]


def test_identity_codes_have_all_of_the_gap():
    score = mig(codes(one=A, two=-3.0 * B), FACTORS)
    assert score.value == pytest.approx(1)
    assert score.parts == pytest.approx({"a": 1, "b": 1})


def test_half_of_a_factor_in_a_second_code_leaves_half_of_its_gap():
    score = mig(codes(one=A, half=A // 2, two=B), FACTORS)
    assert score.parts == pytest.approx({"a": 1 - log(2) / log(4), "b": 1})
    assert score.value == pytest.approx(0.75)


def test_a_duplicated_code_has_no_gap():
    assert mig(codes(one=A, again=A, two=B), FACTORS).parts["a"] == pytest.approx(0)


def test_one_code_of_two_factors_loses_nothing_to_mig_and_all_to_modularity():
    both, none = A + 4 * B, np.zeros(len(A))
    assert mig(codes(both=both, none=none), FACTORS).value == pytest.approx(1)
    assert modularity(codes(both=both, none=none), FACTORS).value == pytest.approx(0)


def test_a_rotated_pair_has_no_gap():
    one, two = np.random.default_rng(0).normal(size=(2, 10_000))
    factors = [Factor("one", one), Factor("two", two)]
    straight = mig(codes(x=one, y=two), factors)
    turned = mig(codes(x=one + two, y=one - two), factors)
    assert straight.value > 0.97
    assert turned.value < 0.02
    assert within(straight)
    assert within(turned)


def test_noise_has_no_gap():
    noise = np.random.default_rng(0).normal(size=(len(A), 4))
    assert mig(codes(**dict(zip("wxyz", noise.T, strict=True))), FACTORS).value < 0.03


def test_a_concept_made_of_a_one_hot_is_one_choice():
    assert mig(codes(one=np.eye(4)[A], two=B), FACTORS).value == pytest.approx(1)
    apart = mig(codes(one=np.eye(4)[A], two=B).by_column(), FACTORS)
    assert apart.parts["a"] == pytest.approx(0)


def test_mig_is_the_formula_of_the_field():
    generator = np.random.default_rng(5)
    values = np.stack(
        [A + generator.normal(size=len(A)), A - B, B * 0.3, B**2.0], axis=1
    )
    binned = [np.digitize(each, np.histogram(each, 20)[1][:-1]) for each in values.T]
    gaps = []
    for factor in (A, B):
        told = sorted(mutual_info_score(factor, each) for each in binned)
        gaps.append((told[-1] - told[-2]) / mutual_info_score(factor, factor))
    own = codes(**dict(zip("wxyz", values.T, strict=True)))
    assert mig(own, FACTORS).value == pytest.approx(np.mean(gaps))


def test_modularity_is_the_formula_of_the_field_where_every_code_tells_something():
    generator = np.random.default_rng(5)
    values = np.stack([A + generator.normal(size=len(A)), A - B, B * 0.3], axis=1)
    own = codes(**dict(zip("xyz", values.T, strict=True)))
    told = np.square(mutual_information(own, FACTORS))
    others = (told.sum(axis=1) - told.max(axis=1)) / told.max(axis=1)
    score = modularity(own, FACTORS)
    assert score.value == pytest.approx(np.mean(1 - others))
    assert within(score)


def test_noise_would_be_modular_if_it_were_not_left_out():
    generator = np.random.default_rng(0)
    noise = codes(**dict(zip("wxyz", generator.normal(size=(4, 10_000)), strict=True)))
    sizes = {"a": 3, "b": 10, "c": 20, "d": 32, "e": 40}
    factors = [
        classes(name, generator.integers(size, size=10_000))
        for name, size in sizes.items()
    ]
    told = np.square(mutual_information(noise, factors))
    others = (told.sum(axis=1) - told.max(axis=1)) / told.max(axis=1)
    assert 0.6 < np.mean(1 - others / 4) < 0.8
    assert modularity(noise, factors).value == 0


def test_noise_and_constants_are_left_out_of_modularity():
    noise = np.random.default_rng(0).normal(size=len(A))
    score = modularity(codes(one=A, noise=noise, none=noise * 0), FACTORS)
    assert score.parts == pytest.approx({"one": 1})
    assert modularity(codes(noise=noise), FACTORS).value == 0


def test_correlated_factors_cost_a_perfect_model_part_of_its_gap():
    one, other = np.random.default_rng(0).normal(size=(2, 10_000))
    two = 0.8 * one + 0.6 * other
    factors = [Factor("one", one), Factor("two", two)]
    assert 0.5 < mig(codes(one=one, two=two), factors).value < 0.9


def test_a_rare_value_that_a_draw_misses_does_no_harm():
    rare = np.array([1] + [0] * 39)
    score = mig(codes(one=rare, two=rare * 0), [classes("rare", rare)])
    assert score.value == pytest.approx(1)
    assert score.low is not None
    assert 0 <= score.low <= 1  # a third of the draws miss the value, and have no gap


def test_one_concept_has_no_gap_and_one_factor_no_modularity():
    with pytest.raises(ValueError, match="2 concepts are needed, not 1"):
        mig(codes(one=A), FACTORS)
    with pytest.raises(ValueError, match="2 factors are needed, not 1"):
        modularity(codes(one=A), FACTORS[:1])
