"""Explicitness where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from dagspec.evaluate.metrics import Factor, explicitness
from dagspec.evaluate.metrics.examples import parted
from dagspec.evaluate.metrics.explicitness import area_under_roc
from tests.evaluate.metrics.made import classes, codes, within

GENERATOR = np.random.default_rng(0)
N = 3000
LABELS = GENERATOR.integers(3, size=N)
NOISE = GENERATOR.normal(size=(N, 2))


def test_the_area_counts_ties_as_a_half_and_weights_as_repetition():
    ranks, positive = np.array([0, 1, 1, 2, 0]), np.array([0.0, 1, 0, 1, 1])
    weights = np.array([1.0, 2, 3, 1, 2])
    again = np.repeat(np.arange(5), weights.astype(int))
    expected = roc_auc_score(positive[again], ranks[again])
    assert area_under_roc(ranks, positive, weights, 3) == pytest.approx(expected)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_one_class_alone_has_no_area(value):
    assert area_under_roc(np.arange(3), np.full(3, value), np.ones(3), 3) is None


def test_identity_codes_score_one_and_noise_a_half():
    factors = [classes("k", LABELS), Factor("r", NOISE[:, 0])]
    assert explicitness(codes(k=np.eye(3)[LABELS]), factors[:1]).value == 1
    noise = codes(a=GENERATOR.normal(size=N), b=GENERATOR.normal(size=N))
    score = explicitness(noise, factors)
    assert score.value == pytest.approx(0.5, abs=0.02)
    assert within(score)


def test_two_gaussians_have_the_area_of_theory():
    binary = (LABELS == 0).astype(np.int64)
    score = explicitness(codes(a=binary + NOISE[:, 0]), [classes("k", binary)])
    # P(N(1, 1) > N(0, 1)) = Phi(1/sqrt 2), Green & Swets 1966.
    assert score.value == pytest.approx(norm.cdf(1 / np.sqrt(2)), abs=0.03)


def test_it_is_the_formula_of_the_field():
    own = codes(a=LABELS + NOISE[:, 0], b=NOISE[:, 1] - (LABELS == 1))
    train, test = parted(N, seed=3)
    z = (own.values - own.values[train].mean(0)) / own.values[train].std(0)
    model = LogisticRegression(max_iter=1000).fit(z[train], LABELS[train])
    expected = roc_auc_score(
        LABELS[test], model.predict_proba(z[test]), multi_class="ovr", average="macro"
    )
    score = explicitness(own, [classes("k", LABELS)], seed=3)
    assert score.value == pytest.approx(expected)


def test_a_circle_is_there_for_a_linear_reader_only_with_both_columns():
    angle = Factor("o", GENERATOR.uniform(size=N), "angle", period=1.0)
    cosine, sine = angle.targets().T
    assert explicitness(codes(c=cosine, s=sine), [angle]).value > 0.98
    # The cosine ties each tenth of the circle with another one, of the nine others.
    one = explicitness(codes(c=cosine), [angle]).value
    assert one == pytest.approx(1 - 0.5 / 9, abs=0.01)


def test_a_factor_with_one_value_to_train_on_is_refused_by_name():
    values = np.zeros(60, np.int64)
    values[parted(60, seed=0).test[0]] = 1
    with pytest.raises(ValueError, match="factor `k` has one value only in the 40"):
        explicitness(codes(a=NOISE[:60, 0]), [classes("k", values)])
