"""DCI where the answer is known."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.stats import entropy

from dagspec.evaluate.metrics import Factor, dci, dci_score, explain
from dagspec.evaluate.metrics.dci import completeness, disentanglement
from tests.evaluate.metrics.made import classes, codes, crossed, within

A, B = crossed(3, 3, times=100)
FACTORS = [classes("a", A), classes("b", B)]
NOISE = np.random.default_rng(0).normal(size=(len(A), 2))


def test_a_permutation_is_disentangled_and_complete():
    importances = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 1]])
    assert disentanglement(importances) == completeness(importances) == 1


def test_importance_spread_evenly_is_neither():
    even = np.full((4, 3), 0.25)
    assert disentanglement(even) == pytest.approx(0)
    assert completeness(even) == pytest.approx(0)


def test_one_code_of_two_factors_is_complete_and_half_disentangled():
    importances = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    # Half of all importance lies in a row whose entropy is ln 2, of ln 4 at most.
    assert disentanglement(importances) == pytest.approx(1 - 0.5 * log(2) / log(4))
    assert completeness(importances) == pytest.approx(1)


def test_two_codes_of_one_factor_are_disentangled_and_less_complete():
    importances = np.array([[0.5, 0], [0.5, 0], [0, 1]])
    assert disentanglement(importances) == pytest.approx(1)
    assert completeness(importances) == pytest.approx(1 - 0.5 * log(2) / log(3))


def test_it_is_the_formula_of_the_field():
    importances = np.random.default_rng(0).gamma(0.3, size=(6, 4))
    rows, columns = importances.sum(axis=1), importances.sum(axis=0)
    by_code = 1 - entropy(importances.T, base=4)
    by_factor = 1 - entropy(importances, base=6)
    assert disentanglement(importances) == pytest.approx(
        np.average(by_code, weights=rows)
    )
    assert completeness(importances) == pytest.approx(
        np.average(by_factor, weights=columns)
    )


def test_codes_that_matter_to_nothing_score_nothing():
    assert disentanglement(np.zeros((3, 2))) == completeness(np.zeros((3, 2))) == 0
    with_idle = np.array([[1.0, 0], [0, 1], [0, 0]])
    assert disentanglement(with_idle) == 1


def test_identity_codes_score_one():
    score = dci(codes(one=A, two=B, idle=NOISE[:, 0]), FACTORS)
    assert score.parts == pytest.approx(dict.fromkeys(score.parts, 1), abs=1e-3)
    assert score.value == score.parts["disentanglement"]
    assert within(score)


def test_trees_of_noise_predict_at_chance():
    score = dci(codes(one=NOISE[:, 0], two=NOISE[:, 1]), FACTORS)
    assert score.parts["disentanglement"] < 0.05
    assert score.parts["completeness"] < 0.05
    assert score.parts["informativeness"] == pytest.approx(1 / 3, abs=0.07)


def test_one_column_with_two_factors_is_complete_but_not_disentangled():
    score = dci(codes(both=3 * A + B, idle=NOISE[:, 0]), FACTORS)
    assert score.parts["completeness"] > 0.99
    assert score.parts["disentanglement"] < 0.01
    assert score.parts["informativeness"] == pytest.approx(1)


def test_importance_of_a_concept_is_that_of_its_columns_together():
    importances, _ = explain(codes(one=np.eye(3)[A], two=B), FACTORS)
    assert importances == pytest.approx(np.eye(2), abs=1e-3)
    apart, _ = explain(codes(one=np.eye(3)[A], two=B).by_column(), FACTORS)
    assert apart[:3].sum(axis=0) == pytest.approx(importances[0])


def test_trees_that_were_trained_already_give_the_same_score():
    own = codes(one=A + NOISE[:, 0], two=B + NOISE[:, 1])
    assert dci_score(explain(own, FACTORS, seed=2)) == dci(own, FACTORS, seed=2)


def test_real_factors_and_angles_are_told_by_regression():
    generator = np.random.default_rng(0)
    real, turn = generator.normal(size=1500), generator.uniform(size=1500)
    angle = Factor("o", turn, "angle", period=1.0)
    own = codes(r=real + generator.normal(size=1500), o=angle.targets())
    importances, told = explain(own, [Factor("r", real), angle])
    assert importances == pytest.approx(np.eye(2), abs=0.15)
    # The best prediction from real + noise of the same size explains a half.
    assert told.parts["r"] == pytest.approx(0.5, abs=0.1)
    assert told.parts["o"] > 0.98


def test_unlabelled_examples_are_left_out():
    few = np.where(np.arange(len(A)) % 3, -1, A)
    factors = [Factor("a", few, "class", classes=3), FACTORS[1]]
    wrong = np.where(few < 0, 2 - A, A)  # where there is no label, the code is wrong
    score = dci(codes(one=wrong, two=B), factors)
    assert score.parts["informativeness"] == pytest.approx(1)


def test_two_concepts_and_two_factors_are_needed():
    with pytest.raises(ValueError, match="2 concepts are needed"):
        dci(codes(one=A), FACTORS)
    with pytest.raises(ValueError, match="2 factors are needed"):
        dci(codes(one=A, two=B), FACTORS[:1])
