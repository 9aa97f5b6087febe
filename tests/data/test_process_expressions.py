"""Expressions mean what they do in Python, and say so where they have no value."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dagspec.data import DataError
from dagspec.data.process.expressions import evaluate
from dagspec.data.process.places import Place
from dagspec.spec.process import Computed, Expression
from tests.data.processes import simulator

D = Place("`d`", "d")
NOT_0 = "; divide by what is never 0"
NOT_NEGATIVE = "; raise what is never negative, such as `max(0.01, …)`"
NOT_LARGE = "; keep the exponent below 700, as `min(700, …)` does"
A, B = np.array([-2.0, -0.3, 0.0, 1.0, 2.5]), np.array([1.5, -2.0, 0.5, 1.0, 3.0])


def expression(text: str) -> Expression:
    lines = f"a ~ normal(0, 1)\nb ~ normal(0, 1)\nd = {text}\nx = mlp(a)"
    variable = simulator(lines).process.variables[-1]
    assert isinstance(variable, Computed)
    return variable.expression


@pytest.mark.parametrize(
    "text",
    [
        "a + b",
        "a - b - 2",
        "a * b",
        "a / b",
        "abs(a) ** b",
        "a ** 2",
        "-a ** 2",
        "-b",
        "a < b",
        "a <= b",
        "a > b",
        "a >= b",
        "a == b",
        "a != b",
        "sin(a) + cos(b)",
        "tanh(a)",
        "exp(a)",
        "abs(a)",
        "min(a, b)",
        "max(a, b, 0.2)",
        "2 * (a > 0) + (b == 1)",
    ],
)
def test_an_expression_is_what_python_says_of_each_example(text):
    value = evaluate(expression(text), {"a": A, "b": B}, D)
    scope = {name: getattr(math, name) for name in ("sin", "cos", "tanh", "exp")}
    rows = zip(A.tolist(), B.tolist(), strict=True)
    expected = [float(eval(text, scope, {"a": a, "b": b})) for a, b in rows]
    assert value.dtype == np.float64
    np.testing.assert_allclose(value, expected, rtol=1e-14)


def test_a_constant_is_a_scalar():
    assert evaluate(expression("2.5"), {}, D).shape == ()


@pytest.mark.parametrize(
    ("text", "found", "remedy"),
    [
        ("1 / a", "`1 / a` is inf where a = 0", NOT_0),
        ("a / a", "`a / a` is nan where a = 0", NOT_0),
        ("a ** 0.5 + b", "`a ** 0.5` is nan where a = -2", NOT_NEGATIVE),
        ("1 + exp(400 * a)", "`exp(400 * a)` is inf where a = 2.5", NOT_LARGE),
        ("1 / (1 / (a * b))", "`1 / (a * b)` is inf where a = 0 and b = 0.5", NOT_0),
        ("min(1, 1 / a)", "`1 / a` is inf where a = 0", NOT_0),
        ("1e308 * a * b", "`1e308 * a` is -inf where a = -2", ""),
    ],
)
def test_what_has_no_value_is_named_in_the_words_of_the_file(text, found, remedy):
    with pytest.raises(DataError) as caught:
        evaluate(expression(text), {"a": A, "b": B}, D)
    assert str(caught.value) == f"`d` cannot be computed: {found}{remedy}"
