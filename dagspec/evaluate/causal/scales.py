"""Variables of a process as columns whose variances make up 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dagspec.evaluate.causal.sides import Simulating, Values

_DRAWS = 20_000  # a standard deviation to half a percent


@dataclass(frozen=True)
class VariableScale:
    """One variable and its marginal distribution in the process.

    Attributes:
        name: The variable.
        classes: How many classes it has; None for a real number.
        mean: Its mean; of a class without meaning.
        std: Square root of its variance; of a class with n > 2, of the summed variances
            of its n indicators.
    """

    name: str
    classes: int | None
    mean: float
    std: float

    def columns(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values `(N,)` as `(N, k)`, in all of variance 1 under the marginal.

        A real number and a class of two are one column, n > 2 classes are n indicators:
        classes have no order, so their numbers are not to be subtracted.
        """
        return indicators(values, self.classes) / self.std

    @property
    def settings(self) -> tuple[float, ...]:
        """The values that it is set to: each class, or a deviation below and above."""
        if self.classes is not None:
            return tuple(float(number) for number in range(self.classes))
        return self.mean - self.std, self.mean + self.std


def indicators(values: NDArray[np.float64], classes: int | None) -> NDArray[np.float64]:
    """Values `(N,)` as one column; of more than two classes a column a class."""
    if classes is None or classes == 2:
        return values[:, None]
    return (values[:, None] == np.arange(classes)).astype(np.float64)


def measure_scales(simulator: Simulating, seed: int) -> Mapping[str, VariableScale]:
    """Scale of every variable that varies, by name, from 20,000 draws of it."""
    drawn = simulator.factors(simulator.noise(_DRAWS, seed))
    found: dict[str, VariableScale] = {}
    for column in simulator.columns:
        name, values = column.name, drawn[column.name]
        std = float(np.sqrt(indicators(values, column.classes).var(0).sum()))
        if std > 0:
            mean = float(values.mean())
            found[name] = VariableScale(name, column.classes, mean, std)
    return found


def relative_error(
    scale: VariableScale, found: NDArray[np.float64], true: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Squared error of each value `(N,)`, divided by the variable's variance."""
    return np.square(scale.columns(found) - scale.columns(true)).sum(1)


def joined(scales: Mapping[str, VariableScale], values: Values) -> NDArray[np.float64]:
    """The columns of several variables side by side, in the order of `scales`."""
    return np.concatenate([each.columns(values[n]) for n, each in scales.items()], 1)
