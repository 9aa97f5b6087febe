"""Expressions come to what Python computes, and are written with few parentheses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dagspec.spec.process import Apply, Constant, Drawn, Expression, Reference, Renderer
from dagspec.spec.values.arithmetic import compute, write_expression
from tests.spec.reading import spec_of
from tests.spec.strategies import expressions

VECTOR = "model m\nobserve x: normal[9]\nlatent a: normal[1]\n"


def read(text: str) -> Expression:
    spec = spec_of(f"{VECTOR}process {{ a = 1, b = 2, y = {text}, x = mlp(a) }}")
    assert spec.process is not None
    variable = spec.process.variables[-1]
    assert variable.kind == "computed"
    return variable.expression


@pytest.mark.parametrize(
    "text",
    [
        "a", "2", "-2", "20_000", "0.5", "1e-5", "1e22",
        "-a", "-a ** 2", "(-a) ** 2", "(-2) ** a", "-(-a)", "-(a + b)", "-a * b",
        "a - b - 1", "a - (b - 1)", "a + (b + 1)", "a / b / 2", "a / (b / 2)",
        "a ** b ** 2", "(a ** b) ** 2", "a ** -b", "(a + b) * 2", "a * b + 2",
        "a * (b + 2)", "a + -2", "a - -2", "a * -b", "a < b", "(a < b) == 1",
        "(a < b) + (b >= 2)", "a + b < 2 * b", "max(a, b + 1, -2)", "sin(a) ** 2",
        "tanh(a < b)", "abs(-(-a))",
    ],
)  # fmt: skip
def test_is_written_as_it_was_read(text: str) -> None:
    assert write_expression(read(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("((a))", "a"),
        ("(a * b) + 2", "a * b + 2"),
        ("-(2)", "-2"),
        ("(a ** (b ** 2))", "a ** b ** 2"),
        ("-(a ** 2)", "-a ** 2"),
        ("(a + b) < (2)", "a + b < 2"),
        ("- -a", "-(-a)"),
        ("20000.0", "20_000"),
    ],
)
def test_parentheses_that_change_nothing_are_left_out(text: str, written: str) -> None:
    assert write_expression(read(text)) == written
    assert read(written) == read(text)


@given(expressions(["a", "b"]))
def test_what_is_written_reads_as_the_same(expression: Expression) -> None:
    assert read(write_expression(expression)) == expression


@given(st.sampled_from("+-*/"), st.floats(-1e3, 1e3), st.floats(0.1, 1e3))
def test_operators_compute_what_python_does(sign: str, a: float, b: float) -> None:
    assert compute(sign, [a, b]) == eval(f"a {sign} b", {"a": a, "b": b})


@pytest.mark.parametrize(
    ("function", "operands", "value"),
    [
        ("**", (2, 10), 1024), ("<", (1, 2), 1), ("<", (2, 2), 0), ("<=", (2, 2), 1),
        (">", (2, 1), 1), (">=", (1, 2), 0), ("==", (1, 1), 1), ("!=", (1, 1), 0),
        ("negate", (3,), -3), ("abs", (-3,), 3), ("min", (3, 1, 2), 1),
        ("max", (3, 1, 2), 3), ("sin", (0,), 0), ("cos", (0,), 1), ("tanh", (0,), 0),
        ("exp", (0,), 1), ("exp", (1000,), None), ("/", (1, 0), None),
        ("**", (-8, 0.5), None), ("**", (0, -1), None), ("*", (1e200, 1e200), None),
    ],
)  # fmt: skip
def test_functions_of_numbers(
    function: str, operands: tuple[float, ...], value: float | None
) -> None:
    assert compute(function, [float(each) for each in operands]) == value


@pytest.mark.parametrize(
    ("function", "count"),
    [("+", 1), ("+", 3), ("negate", 2), ("sin", 0), ("sin", 2), ("max", 1), ("<", 3)],
)
def test_a_function_has_its_operands(function: str, count: int) -> None:
    operands = [Reference(name="a")] * count
    with pytest.raises(ValidationError, match=f"cannot have {count} operands"):
        Apply.model_validate({"function": function, "operands": operands})


def test_a_negative_number_is_one_thing_only() -> None:
    with pytest.raises(ValidationError, match="a negative number is a constant"):
        Apply(function="negate", operands=(Constant(value=2.0),))


@pytest.mark.parametrize(
    ("family", "count"),
    [("normal", 1), ("uniform", 3), ("bernoulli", 2), ("categorical", 1)],
)
def test_a_distribution_has_its_arguments(family: str, count: int) -> None:
    arguments = [Constant(value=0.5)] * count
    with pytest.raises(ValidationError, match=f"cannot have {count} arguments"):
        Drawn.model_validate({"name": "a", "family": family, "arguments": arguments})


def test_options_of_a_network_are_the_same_however_they_were_given() -> None:
    written = Renderer(name="mlp", options=(("seed", 7), ("noise", 0.05)))
    assert written == Renderer(name="mlp", options=(("seed", 7),))
    assert (written.mlp.hidden, written.mlp.noise, written.mlp.seed) == (
        (64, 64),
        0.05,
        7,
    )
    with pytest.raises(ValidationError, match="layers"):
        Renderer(name="mlp", options=(("layers", 7),))
