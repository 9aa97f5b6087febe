"""Codes beside factors: which metrics there are, and what cannot be compared."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.compiler import parse
from dagspec.evaluate import EvaluateError, chosen_metrics
from dagspec.evaluate.heatmap import heatmap
from dagspec.evaluate.metrics import METRICS, Codes, Factor
from dagspec.evaluate.scores import Compared, score

SPEC = parse(
    """\
model m
observe x: normal[4]
latent size: normal[1]
latent turn: normal[2] { label = "angle" }
latent kind: categorical[3]
"""
)
RNG = np.random.default_rng(0)
N = 3000
SIZE, ANGLE = RNG.standard_normal(N), RNG.uniform(0, 90, N)
KIND = RNG.integers(0, 3, N)
RADIANS = 2 * np.pi * ANGLE / 90
FACTORS = (
    Factor("size", SIZE),
    Factor("angle", ANGLE, "angle", period=90.0),
    Factor("kind", KIND, "class", classes=3),
)
NAMES = ("size", "turn", "turn", "kind", "kind", "kind")
CODES = Codes(
    np.column_stack([-2 * SIZE, np.cos(RADIANS), np.sin(RADIANS), np.eye(3)[KIND]]),
    NAMES,
)


def examples(factors=FACTORS):
    return Compared(CODES, Codes(np.full((N, 6), 0.5), NAMES), factors, {})


def test_the_heatmap_of_perfect_units():
    found = heatmap(SPEC, CODES, FACTORS)
    assert found.factors == ("size", "angle", "kind")
    units = ("size", "turn[0]", "turn[1]", "kind[0]", "kind[1]", "kind[2]")
    assert found.units == units
    assert found.own == {
        "size": ("size",),
        "angle": ("turn[0]", "turn[1]"),
        "kind": ("kind[0]", "kind[1]", "kind[2]"),
    }
    strength = np.array(found.strength)
    assert strength[0, 0] == pytest.approx(1)
    # One of cosine and sine has half the variance of both.
    assert strength[1, 1:3] == pytest.approx([0.5**0.5] * 2, abs=0.02)
    # One indicator tells one class of three for certain, and guesses the others.
    assert strength[2, 3:] == pytest.approx([0.5] * 3, abs=0.05)
    rest = [strength[0, 1:], strength[1, [0, 3, 4, 5]], strength[2, :3]]
    assert np.concatenate(rest).max() < 0.1


def test_units_that_are_swapped_are_dark_off_the_border():
    swapped = Codes(CODES.values[:, [1, 0, 2, 3, 4, 5]], NAMES)
    found = heatmap(SPEC, swapped, FACTORS)
    assert found.strength[0][0] < 0.1
    assert found.strength[0][1] == pytest.approx(1)


def test_values_that_are_missing_count_nothing():
    gappy = np.where(np.arange(N) % 2, SIZE, np.nan)
    found = heatmap(SPEC, CODES, (Factor("size", gappy),))
    assert found.strength[0][0] == pytest.approx(1)


def test_concepts_are_compared_with_what_they_are_named_after():
    found, left_out = score(SPEC, examples(), None, ("diagonal", "mcc"), 0)
    assert found["diagonal"].parts.keys() == {"size", "turn", "kind"}
    assert found["diagonal"].value > 0.98
    assert not left_out


def test_what_cannot_be_computed_says_why():
    names = ("mcc", "mmd", "active_units_kl")
    found, left_out = score(SPEC, examples(()), None, names, 0)
    assert found.keys() == {"active_units_kl"}
    assert found["active_units_kl"].value == 6
    assert left_out == {
        "mcc": "the data has no factors that can be compared",
        "mmd": "no process is known whose variables the concepts stand for",
    }


def test_what_a_metric_refuses_is_said_in_its_words():
    constant = (Factor("size", np.zeros(N)),)
    found, left_out = score(SPEC, examples(constant), None, ("mcc",), 0)
    assert not found
    assert left_out["mcc"].startswith("the factor `size` has the same value")


def test_two_samples_are_compared_where_a_process_is_known():
    pair = Codes(SIZE[:500, None], ("a",)), Codes(SIZE[500:1000, None], ("a",))
    found, _ = score(SPEC, examples(), pair, ("mmd", "mean_error"), 0)
    assert found["mmd"].value < 0.05
    apart = pair[0], Codes(pair[1].values + 2, ("a",))
    far, _ = score(SPEC, examples(), apart, ("mmd", "mean_error"), 0)
    assert far["mmd"].value > 0.5
    assert far["mean_error"].value == pytest.approx(4, rel=0.2)


def test_metrics_are_known_by_name():
    assert chosen_metrics(None) == tuple(METRICS)
    assert chosen_metrics(["dci", "mig", "dci"]) == ("dci", "mig")
    with pytest.raises(EvaluateError, match=r"no metric `migg`; did you mean `mig`\?"):
        chosen_metrics(["migg"])
    with pytest.raises(EvaluateError, match="no metric `zebra`; there are diagonal,"):
        chosen_metrics(["zebra"])
