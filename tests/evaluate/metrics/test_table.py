"""The table: every metric by name, called as a report calls it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from math import isfinite

import numpy as np
import pytest

from dagspec.evaluate.metrics import METRICS, Codes, Factor
from tests.evaluate.metrics.made import classes, codes, within

GENERATOR = np.random.default_rng(0)
N = 400
REAL = GENERATOR.normal(size=N)
LABELS = GENERATOR.integers(3, size=N)
ANGLE = Factor("tilt", GENERATOR.uniform(size=N), "angle", period=1.0)
HALF = np.where(np.arange(N) % 2, np.nan, REAL)


def evidence(own):
    return {
        "codes": own,
        "factors": [Factor("size", HALF), classes("shape", LABELS), ANGLE],
        "pairs": {"size": "size", "shape": "shape"},
        "kl": Codes(abs(own.values), own.names),
        "sample": own,
        "reference": Codes(own.values[::-1] * 1.5, own.names),
    }


GOOD = codes(
    size=REAL + 0.3 * GENERATOR.normal(size=N),
    shape=np.eye(3)[LABELS],
    tilt=ANGLE.targets(),
    idle=np.zeros(N),
)
NOISE = codes(size=GENERATOR.normal(size=N), shape=GENERATOR.standard_t(2, size=(N, 3)))
STILL = codes(size=np.zeros(N), shape=np.ones((N, 3)) / 3)
EVERY = pytest.mark.parametrize("name", METRICS)


def score(name, own, seed=0):
    metric, given = METRICS[name], evidence(own)
    return metric.function(**{need: given[need] for need in metric.needs}, seed=seed)


@EVERY
@pytest.mark.parametrize("own", [GOOD, NOISE, STILL], ids=["good", "noise", "still"])
def test_every_number_is_finite_and_within_the_range_of_its_metric(name, own):
    found, (least, greatest) = score(name, own), METRICS[name].range
    numbers = [found.value, *found.parts.values(), found.low, found.high]
    numbers += [end for ends in found.intervals.values() for end in ends]
    assert all(isfinite(each) for each in numbers if each is not None)
    slack = 1e-9 if name != "explicitness" else 0.1  # noise may fall below chance
    assert least - slack <= found.value <= greatest + slack


@EVERY
def test_the_same_seed_gives_the_same_score_and_the_interval_holds_it(name):
    one = score(name, GOOD)
    assert one == score(name, GOOD)
    assert within(one)


@EVERY
def test_higher_is_better_where_the_table_says_so(name):
    if METRICS[name].better == "higher":
        assert score(name, GOOD).value > score(name, NOISE).value + 0.1
    elif METRICS[name].better == "lower":
        metric, same = METRICS[name], evidence(GOOD)["sample"]
        assert (
            metric.function(sample=same, reference=same).value < score(name, GOOD).value
        )


@EVERY
def test_needs_are_the_arguments_of_the_function(name):
    arguments = set(inspect.signature(METRICS[name].function).parameters)
    assert {*METRICS[name].needs, "seed"} <= arguments


@EVERY
def test_what_it_measures_is_one_sentence(name):
    sentence = METRICS[name].measures
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0


def test_the_table_loads_no_scikit_learn():
    program = (
        "import sys, dagspec.evaluate.metrics as m; "
        "print(len(m.METRICS), 'sklearn' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(len(METRICS)), "False"]
