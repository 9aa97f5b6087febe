"""Factors and codes: what they are made of and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.metrics import Codes, Factor
from tests.evaluate.metrics.made import codes

ONES = np.ones(30)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": np.ones((3, 2))}, "numbers .N,. are needed, not float64 .3, 2."),
        ({"values": np.array(["a"])}, "numbers .N,. are needed"),
        ({"values": ONES, "kind": "class"}, "kind class with self.classes=None"),
        ({"values": ONES, "classes": 2}, "kind real with self.classes=2"),
        ({"values": ONES, "kind": "angle"}, "kind angle with self.period=None"),
        ({"values": ONES, "period": 1.0}, "kind real with self.period=1.0"),
        ({"values": ONES, "kind": "angle", "period": 0.0}, "0.0 is not above zero"),
        ({"values": np.array([np.inf])}, "a value is infinite"),
        ({"values": np.array([2]), "kind": "class", "classes": 2}, "2 is not a class"),
        ({"values": np.array([0.5]), "kind": "class", "classes": 2}, "0.5 is not a"),
    ],
)
def test_a_factor_that_is_none_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=f"factor `tilt`.*{message}"):
        Factor("tilt", **arguments)


def test_missing_values_are_nan_and_for_a_class_minus_one():
    real = Factor("a", np.array([1.0, np.nan, -1.0]))
    assert real.known.tolist() == [True, False, True]
    own = Factor("b", np.array([0, -1, 2]), "class", classes=3)
    assert own.known.tolist() == [True, False, True]
    floats = Factor("b", np.array([0.0, np.nan, -1.0]), "class", classes=3)
    assert floats.known.tolist() == [True, False, False]


def test_both_ends_of_a_period_are_the_same_angle_also_in_float32():
    values = np.linspace(0, 2 * np.pi, 5).astype(np.float32)
    turns = Factor("o", values, "angle", period=2 * np.pi).turns(values)
    assert turns.tolist() == [0, 0.25, 0.5, 0.75, 0]


def test_an_angle_is_its_cosine_and_sine_over_its_own_period():
    square = Factor("o", np.array([0.0, 45.0, 90.0]), "angle", period=90.0)
    assert np.allclose(square.targets(), [[1, 0], [-1, 0], [1, 0]])


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (Factor("a", np.full(50, 3.0)), "`a` has the same value, 3, in all 50"),
        (Factor("a", np.array([np.nan] * 40 + [1.0, 2.0])), "a value in 2 examples"),
        (Factor("a", np.zeros(30, int), "class", classes=2), "the same value, 0"),
        (Factor("a", np.arange(40) % 2 * 90.0, "angle", period=90.0), "same value"),
        (Factor("a", np.ones(40, bool)), "the same value, 1"),
    ],
)
def test_a_factor_that_cannot_be_scored_says_why(factor, message):
    assert message in str(factor.fault)


def test_a_factor_that_varies_has_no_fault():
    assert Factor("a", np.arange(20.0)).fault is None


@pytest.mark.parametrize(
    ("values", "names", "message"),
    [
        (np.ones((3, 2)), ("a",), "1 names for codes of shape .3, 2."),
        (np.ones(3), ("a",), "1 names for codes of shape .3,."),
        (np.ones((3, 0)), (), "without a column"),
        (np.array([[1.0, np.nan]]), ("a", "b"), "code of `b` has a value that is not"),
        (np.ones((3, 1), np.float32), ("a",), "codes are float64, not float32"),
    ],
)
def test_codes_that_are_none_are_refused(values, names, message):
    with pytest.raises(ValueError, match=message):
        Codes(values, names)


def test_columns_of_one_name_are_one_concept_until_they_are_parted():
    both = codes(a=np.ones(4), b=np.arange(8).reshape(4, 2))
    assert both.concepts == ("a", "b")
    assert both.of("b").tolist() == np.arange(8).reshape(4, 2).tolist()
    assert both.by_column().concepts == ("a", "b[0]", "b[1]")
    assert both.take(np.array([3])).values.tolist() == [[1, 6, 7]]
