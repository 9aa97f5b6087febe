"""SAP where the answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from dagspec.evaluate.metrics import Factor, sap
from dagspec.evaluate.metrics.examples import parted
from tests.evaluate.metrics.made import classes, codes, crossed, within

GENERATOR = np.random.default_rng(0)
ONE, TWO = GENERATOR.normal(size=(2, 3000))
REAL = [Factor("one", ONE), Factor("two", TWO)]
TWICE = crossed(2, 2, times=250)
BINARY = [classes(name, each) for name, each in zip("ab", TWICE, strict=True)]


def test_identity_codes_of_real_factors_have_all_of_the_gap():
    score = sap(codes(x=ONE, y=-2 * TWO), REAL)
    assert score.value == pytest.approx(1, abs=0.01)
    assert within(score)


def test_a_rotated_pair_and_a_duplicated_code_have_no_gap():
    assert sap(codes(x=ONE + TWO, y=ONE - TWO), REAL).value == pytest.approx(
        0, abs=0.05
    )
    assert sap(codes(x=ONE, again=5 * ONE, y=TWO), REAL).parts["one"] < 1e-9


def test_the_gap_of_real_factors_is_that_of_squared_correlations():
    values = [ONE + 0.5 * TWO, TWO + GENERATOR.normal(size=3000), ONE - TWO]
    _, test = parted(3000, seed=4)
    gaps = []
    for factor in (ONE, TWO):
        squares = sorted(np.corrcoef(z[test], factor[test])[0, 1] ** 2 for z in values)
        gaps.append(squares[-1] - squares[-2])
    own = codes(**dict(zip("xyz", values, strict=True)))
    assert sap(own, REAL, seed=4).value == pytest.approx(np.mean(gaps))


def test_the_gap_of_classes_is_that_of_test_accuracies():
    labels = GENERATOR.integers(3, size=3000)
    values = [labels + GENERATOR.normal(size=3000), (labels == 2) + ONE, TWO]
    train, test = parted(3000, seed=4)
    accuracies = []
    support: Any = LinearSVC  # its annotation knows no `False`
    for z in values:
        column = ((z - z[train].mean()) / z[train].std())[:, None]
        machine = support(C=0.01, class_weight="balanced", dual=False)
        found = machine.fit(column[train], labels[train]).predict(column[test])
        accuracies.append(np.mean(np.equal(found, labels[test])))
    gap = sorted(accuracies)[-1] - sorted(accuracies)[-2]
    own = codes(**dict(zip("xyz", values, strict=True)))
    assert sap(own, [classes("k", labels)], seed=4).value == pytest.approx(gap)


def test_chance_is_taken_from_the_gap_of_a_class():
    score = sap(codes(a=TWICE[0], b=TWICE[1]), BINARY)
    assert score.parts == pytest.approx({"a": 0.5, "b": 0.5}, abs=0.08)


def test_the_unit_of_a_code_decides_nothing():
    noisy = TWICE[0] + GENERATOR.normal(size=1000)
    one, small = (
        sap(codes(a=scale * noisy, b=TWICE[1]), BINARY).value for scale in (1.0, 1e-4)
    )
    assert one == pytest.approx(small)


def test_noise_and_constants_have_no_gap():
    own = codes(x=GENERATOR.normal(size=3000), y=GENERATOR.normal(size=3000))
    assert sap(own, REAL).value < 0.01
    assert sap(codes(x=ONE * 0, y=ONE * 0 + 7), REAL).value == 0


def test_several_columns_of_a_concept_are_read_together():
    angle = Factor("o", GENERATOR.uniform(size=3000), "angle", period=1.0)
    assert sap(codes(o=angle.targets(), x=ONE), [angle]).value > 0.99
    assert sap(codes(o=angle.targets(), x=ONE).by_column(), [angle]).value < 0.1


def test_a_label_on_few_examples_still_has_finite_intervals():
    few = np.full(3000, np.nan)
    few[:20] = ONE[:20]
    score = sap(codes(x=ONE, y=TWO), [Factor("few", few)])
    assert score.low is not None
    assert score.high is not None
    assert 0 <= score.low <= score.high <= 1


def test_a_class_that_only_test_examples_have_is_never_found():
    train, test = parted(100, seed=0)
    labels = np.zeros(100, np.int64)
    labels[test[:10]] = 1
    score = sap(codes(x=labels, y=ONE[:100]), [classes("k", labels)])
    assert score.value == 0
    assert len(train) == 67
