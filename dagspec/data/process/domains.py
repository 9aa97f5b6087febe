"""Which values an argument of a process may take, and what is said of others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dagspec.data.process.places import Place
from dagspec.spec.process import Constant, Expression, references
from dagspec.spec.values.arithmetic import write_expression

Values = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Domain:
    """The numbers from `low` to `high`.

    Attributes:
        low: Smallest value.
        high: Largest value.
        above: Whether `low` itself is left out.
        whole: Whether only whole numbers are in it.
    """

    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    whole: bool = False

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the values are in it."""
        above = values > self.low if self.above else values >= self.low
        inside = above & (values <= self.high)
        return inside & (values == np.rint(values)) if self.whole else inside

    def __str__(self) -> str:
        """What a value must be."""
        kind = "a whole number " if self.whole else ""
        if math.isinf(self.high):
            return f"{kind}{'above' if self.above else 'at least'} {self.low:g}"
        if self.above:
            return f"{kind}above {self.low:g} and at most {self.high:g}"
        return f"{kind}from {self.low:g} to {self.high:g}"

    def remedy(self, text: str) -> str:
        """How an expression is written so that it stays within."""
        if self.whole:
            return ""
        low = self.low + 0.01 if self.above else self.low
        inside = f"max({low:g}, {text})"
        inside = inside if math.isinf(self.high) else f"min({self.high:g}, {inside})"
        return f"; write `{inside}`, say"


ANY: Final = Domain()
POSITIVE: Final = Domain(0.0, above=True)
NOT_NEGATIVE: Final = Domain(0.0)
SHARE: Final = Domain(0.0, 1.0)


def check_domain(
    place: Place,
    expression: Expression,
    value: NDArray[np.float64],
    domain: Domain,
    values: Values,
) -> None:
    """Refuse a value that is outside its domain.

    Args:
        place: Whose value it is.
        expression: What it was computed from.
        value: Scalar or `(N,)`.
        domain: What it must be.
        values: The variables, to name those of the example at fault.

    Raises:
        DataError: A value is outside; it names the first one and the expression.
    """
    wrong = ~domain.holds(value)
    if wrong.any():
        text = write_expression(expression)
        found = describe(expression, value, wrong, values)
        raise place.error(f"{found}, not {domain}{domain.remedy(text)}")


def describe(
    expression: Expression,
    value: NDArray[np.float64],
    wrong: NDArray[np.bool_],
    values: Values,
) -> str:
    """`` `0.5 * a` is -0.6 where a = -1.2``, of the first value that is wrong."""
    row = int(np.argmax(wrong))
    if isinstance(expression, Constant):
        return f"is {expression.value:g}"
    text = write_expression(expression)
    found = f"`{text}` is {value.ravel()[row]:.4g}"
    names = sorted(references(expression))
    known = (np.broadcast_to(values[name], wrong.shape).ravel()[row] for name in names)
    pairs = (f"{name} = {each:.4g}" for name, each in zip(names, known, strict=True))
    where = " and ".join(pairs) if names and text not in names else ""
    return f"{found} where {where}" if where else found
