"""Which examples a metric looks at, and what it refuses before it looks."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics import Factor
from dagspec.evaluate.metrics.examples import (
    drawn,
    labelled,
    parted,
    require,
    sampled,
)
from tests.evaluate.metrics.made import codes


def test_two_thirds_are_for_training_and_no_row_is_in_both_parts():
    train, test = parted(999, seed=1)
    assert (len(train), len(test)) == (666, 333)
    assert sorted([*train, *test]) == list(range(999))


def test_ten_thousand_are_trained_on_and_five_thousand_tested_at_most():
    train, test = parted(40_000, seed=1)
    assert (len(train), len(test)) == (10_000, 5_000)
    assert not set(train.tolist()) & set(test.tolist())
    assert train.mean() == pytest.approx(20_000, rel=0.05)


def test_the_seed_decides_the_parts():
    one, same, other = (parted(100, seed).train.tolist() for seed in (1, 1, 2))
    assert one == same != other


def test_at_most_ten_thousand_examples_are_taken_of_codes_and_factors_alike():
    values = np.arange(12_000.0)
    own, (factor,) = sampled(codes(a=values), [Factor("a", values)], seed=0)
    assert len(set(factor.values.tolist())) == 10_000
    assert (own.values[:, 0] == factor.values).all()


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ([Factor("f", np.arange(30.0))], "`f` has 30 values for 40 codes"),
        ([Factor("f", np.ones(40))], "`f` has the same value, 1, in all 40"),
        ([Factor("f", np.arange(40.0))] * 2, "two factors are called `f`"),
        ([], "1 factors are needed, not 0"),
    ],
)
def test_what_cannot_be_scored_is_refused_by_name(factors, message):
    with pytest.raises(ValueError, match=message):
        require(codes(a=np.arange(40.0)), factors)


def test_too_few_concepts_are_refused():
    with pytest.raises(ValueError, match="2 concepts are needed, not 1"):
        require(codes(a=np.ones((40, 2))), [], concepts=2, least=0)


def test_only_labelled_rows_are_left_of_two_parts():
    values = np.arange(90.0)
    values[::2] = np.nan
    parts = parted(90, seed=0)
    (train, test), tested = labelled(Factor("f", values), parts)
    assert sorted([*train, *test]) == list(range(1, 90, 2))
    assert parts.test[tested].tolist() == test.tolist()


def test_a_part_without_a_label_is_refused():
    values = np.full(90, np.nan)
    parts = parted(90, seed=0)
    values[parts.train] = 1.0
    with pytest.raises(ValueError, match=r"`f` has a value in 60 .* and 0 to test on"):
        labelled(Factor("f", values), parts)


def test_a_draw_without_any_labelled_example_counts_each_once():
    which = np.array([False, True, True])
    assert drawn(np.array([3.0, 0.0, 0.0]), which).tolist() == [1, 1]
    assert drawn(np.array([1.0, 2.0, 0.0]), which).tolist() == [2, 0]
