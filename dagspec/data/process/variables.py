"""The value of one variable, given its causes and its noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.process.domains import (
    ANY,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    Domain,
    Values,
    check_domain,
)
from dagspec.data.process.expressions import evaluate
from dagspec.data.process.places import Place
from dagspec.spec.process import Computed, Drawn, DrawnFamily
from dagspec.spec.values.arithmetic import write_expression

_Floats: TypeAlias = NDArray[np.float64]
_Argument: TypeAlias = Callable[[int, str, Domain], _Floats]
_Value: TypeAlias = Callable[[Drawn, _Floats, _Argument], _Floats]


def value_of(
    variable: Drawn | Computed, noise: _Floats | None, values: Values
) -> _Floats:
    """The value of a variable for many examples at once.

    normal: mean + std·e; uniform: low + (high - low)·u; bernoulli: 1 where u < p;
    categorical: the class with the largest log p + g, g being Gumbels.

    Args:
        variable: Whose value.
        noise: Its exogenous noise, `(N,)` or `(N, classes)`; None of a computed one.
        values: Every variable that it reads, `(N,)`.

    Returns:
        `(N,)`; a scalar of what is computed from nothing.

    Raises:
        DataError: It is not finite, or an argument is outside its domain.
    """
    place = Place(f"`{variable.name}`", variable.name)
    if isinstance(variable, Computed):
        return evaluate(variable.expression, values, place)
    assert noise is not None

    def argument(number: int, what: str, domain: Domain) -> _Floats:
        where = Place(f"{place}: the {what}", variable.name, argument=number)
        expression = variable.arguments[number]
        value = evaluate(expression, values, where)
        check_domain(where, expression, value, domain, values)
        return value

    with np.errstate(over="ignore"):
        value = _FAMILIES[variable.family](variable, noise, argument)
    if not np.isfinite(value).all():
        raise place.error("grows beyond what a number of 64 bits can hold")
    return value


def _normal(variable: Drawn, noise: _Floats, argument: _Argument) -> _Floats:
    mean = argument(0, "mean", ANY)
    return mean + noise * argument(1, "standard deviation", POSITIVE)


def _uniform(variable: Drawn, noise: _Floats, argument: _Argument) -> _Floats:
    low, high = argument(0, "low end", ANY), argument(1, "high end", ANY)
    low, high = np.broadcast_arrays(low, high)
    wrong = low >= high
    if wrong.any():
        row = np.argmax(wrong)
        start, end = (f"`{write_expression(each)}`" for each in variable.arguments)
        place = Place(f"`{variable.name}`:", variable.name)
        raise place.error(
            f"the high end {end} is {high.ravel()[row]:.4g}, not above the low end "
            f"{start}, which is {low.ravel()[row]:.4g}"
        )
    return low + noise * (high - low)


def _bernoulli(variable: Drawn, noise: _Floats, argument: _Argument) -> _Floats:
    return (noise < argument(0, "probability", SHARE)).astype(np.float64)


def _categorical(variable: Drawn, noise: _Floats, argument: _Argument) -> _Floats:
    scores = np.empty_like(noise)
    for number in range(len(variable.arguments)):
        value = argument(number, f"weight of class {number}", NOT_NEGATIVE)
        with np.errstate(divide="ignore"):  # what weighs nothing is never chosen
            scores[:, number] = np.log(value) + noise[:, number]
    if np.isneginf(scores).all(axis=1).any():
        place = Place(f"`{variable.name}`:", variable.name)
        raise place.error("all its weights are 0; one must be above 0")
    return np.argmax(scores, axis=1).astype(np.float64)


_FAMILIES: Final[Mapping[DrawnFamily, _Value]] = MappingProxyType(
    {
        "normal": _normal,
        "uniform": _uniform,
        "bernoulli": _bernoulli,
        "categorical": _categorical,
    }
)
