"""What a process refuses to be, to be set to, and to compute, word by word."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dagspec.data import DataError
from tests.data.processes import EVERY_FAMILY, simulator


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ({"A": 1}, "the process has no variable `A`; did you mean `a`?"),
        ({"zebra": 1}, "the process has no variable `zebra`; it has `d`, `on`, `a`, "),
        ({"k": 3}, "`k` cannot be set to 3: give a class from 0 to 2"),
        ({"k": 0.5}, "`k` cannot be set to 0.5: give a class from 0 to 2"),
        ({"on": -1}, "`on` cannot be set to -1: give a class from 0 to 1"),
        ({"a": np.nan}, "`a` cannot be set to nan: give a finite number"),
        ({"a": [1, np.inf, 0]}, "`a` cannot be set to inf: give a finite number"),
        ({"a": [1, 2]}, "`a` cannot be set to an array of shape (2,): give a number"),
    ],
)
def test_a_variable_is_not_set_to_what_it_cannot_be(do, message):
    process = simulator(EVERY_FAMILY)
    with pytest.raises(DataError, match=re.escape(message)):
        process.factors(process.noise(3), do)


HUGE = np.full(3, 9.0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "b ~ normal(0, 0.5 * a)",
            "`b`: the standard deviation `0.5 * a` is -1 where a = -2, not above 0; "
            "write `max(0.01, 0.5 * a)`, say",
        ),
        (
            "b ~ bernoulli(0.5 - a)",
            "`b`: the probability `0.5 - a` is -0.5 where a = 1, not from 0 to 1; "
            "write `min(1, max(0, 0.5 - a))`, say",
        ),
        (
            "b ~ categorical(1, a)",
            "`b`: the weight of class 1 `a` is -2, not at least 0; "
            "write `max(0, a)`, say",
        ),
        (
            "b ~ categorical(a + 2, max(a, 0))",
            "`b`: all its weights are 0; one must be above 0",
        ),
        (
            "b ~ uniform(0, a)",
            "`b`: the high end `a` is -2, not above the low end `0`, which is 0",
        ),
        (
            "b ~ normal(1 / (a + 2), 1)",
            "`b`: the mean cannot be computed: `1 / (a + 2)` is inf where a = -2; "
            "divide by what is never 0",
        ),
        (
            "b ~ normal(1.7e308 + 0 * a, 1e308)",
            "`b` grows beyond what a number of 64 bits can hold",
        ),
        (
            "b = a ** 0.5",
            "`b` cannot be computed: `a ** 0.5` is nan where a = -2; raise what is "
            "never negative, such as `max(0.01, …)`",
        ),
    ],
)
def test_a_value_outside_its_domain_is_named_with_its_expression(line, message):
    process = simulator(f"a ~ normal(0, 1)\n{line}\nx = mlp(a, b)")
    noise = {**process.noise(3), **({"b": HUGE} if "1e308" in line else {})}
    with pytest.raises(DataError) as caught:
        process.factors(noise, {"a": [1, -2, -2]})
    assert str(caught.value) == message


def test_a_process_without_chance_is_refused():
    with pytest.raises(DataError, match="every example of this `process` would be"):
        simulator("a = 1\nx = mlp(a)")
