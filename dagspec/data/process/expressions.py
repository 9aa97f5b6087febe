"""Expressions over arrays: an operator is a function of numpy, nothing is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.process.domains import Values, describe
from dagspec.data.process.places import Place
from dagspec.spec.process import Constant, Expression, Function, Operator, Reference

_Function: TypeAlias = Callable[..., NDArray[Any]]

_FUNCTIONS: Final[Mapping[Operator | Function, _Function]] = MappingProxyType(
    {
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": np.divide,
        "**": np.power,
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
        "negate": np.negative,
        "sin": np.sin,
        "cos": np.cos,
        "tanh": np.tanh,
        "exp": np.exp,
        "abs": np.abs,
        "min": lambda *given: reduce(np.minimum, given),
        "max": lambda *given: reduce(np.maximum, given),
    }
)


# What keeps an operation within what numbers can say.
_REMEDIES: Final[Mapping[Operator | Function, str]] = MappingProxyType(
    {
        "/": "; divide by what is never 0",
        "**": "; raise what is never negative, such as `max(0.01, …)`",
        "exp": "; keep the exponent below 700, as `min(700, …)` does",
    }
)


def evaluate(
    expression: Expression, values: Values, place: Place
) -> NDArray[np.float64]:
    """The value of an expression for many examples at once.

    Args:
        expression: What to compute; a comparison is 1 or 0.
        values: Every variable that it reads, `(N,)` or a scalar.
        place: Whose value it is.

    Returns:
        `(N,)`; a scalar where no variable is read.

    Raises:
        DataError: A part of it is infinite or no number, such as `1 / a` at a = 0.
    """
    if isinstance(expression, Constant):
        return np.asarray(expression.value)
    if isinstance(expression, Reference):
        return values[expression.name]
    operands = [evaluate(each, values, place) for each in expression.operands]
    with np.errstate(all="ignore"):  # what is not finite is refused below
        result = _FUNCTIONS[expression.function](*operands)
    value = np.asarray(result, np.float64)
    wrong = ~np.isfinite(value)
    if wrong.any():
        found = describe(expression, value, wrong, values)
        remedy = _REMEDIES.get(expression.function, "")
        raise place.error(f"cannot be computed: {found}{remedy}")
    return value
