"""Active units by both definitions."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics import active_units_kl, active_units_variance
from tests.evaluate.metrics.made import codes

UNIT = np.random.default_rng(0).normal(size=5000)


def test_units_whose_mean_varies_by_more_than_a_hundredth_are_active():
    means = codes(
        scale=np.stack([UNIT, UNIT * 0.11 + 9], axis=1),
        idle=UNIT * 0.09,
        still=UNIT * 0,
    )
    score = active_units_variance(means)
    assert score.value == 2  # standard deviations 1 and 0.11, against 0.1
    assert score.parts == {"scale": 2, "idle": 0, "still": 0}


def test_units_with_more_than_a_tenth_of_a_nat_are_active():
    kl = codes(scale=np.stack([UNIT**2, UNIT**2 * 0.11], axis=1), idle=UNIT**2 * 0.09)
    score = active_units_kl(kl)
    assert score.parts == {"scale": 2, "idle": 0}  # means 1, 0.11 and 0.09
    assert score.value == 2


def test_the_definitions_part_where_a_concept_takes_after_its_parents():
    assert active_units_variance(codes(a=UNIT)).value == 1
    assert active_units_kl(codes(a=UNIT * 0)).value == 0


def test_the_interval_counts_what_could_be_otherwise():
    score = active_units_variance(
        codes(sure=UNIT, close=UNIT * 0.1 / UNIT.std() * 1.0001)
    )
    assert (score.low, score.high) == (1, 2)


@pytest.mark.parametrize("metric", [active_units_kl, active_units_variance])
def test_two_examples_are_needed(metric):
    with pytest.raises(ValueError, match="two examples at least"):
        metric(codes(a=np.ones(1)))
