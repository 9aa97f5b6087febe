"""Whether a value that is set is one that the variable ever has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dagspec.evaluate.causal.sides import Simulating, Values
from dagspec.spec.process import Computed

_REDRAWN = 200  # draws of the variable's own noise, to know its chances
_RARE = 0.05  # what two standard deviations leave out of a normal


def in_support(
    simulator: Simulating, noise: Values, variable: str, value: float
) -> NDArray[np.bool_]:
    """Where a value is one that the variable may well have, given its own parents.

    A normal: less than two standard deviations from its mean there. A uniform: between
    its limits. A class: with a probability of 5% or more, from 200 draws of the
    variable's own noise. What is computed has one value, so no other is supported.

    Args:
        simulator: Runs the process.
        noise: Of N draws.
        variable: What is set.
        value: What it is set to.

    Returns:
        `(N,)`, one answer a draw.
    """
    own = next(each for each in simulator.process.variables if each.name == variable)
    if isinstance(own, Computed):
        return simulator.factors(noise)[variable] == value

    def with_noise(fixed: NDArray[np.float64]) -> NDArray[np.float64]:
        return simulator.factors({**noise, variable: fixed})[variable]

    shape = noise[variable].shape
    if own.family in ("normal", "uniform"):
        # Noise 0 is the mean, or the lower limit; 1 is a deviation, or the range, more.
        start = with_noise(np.zeros(shape))
        size = with_noise(np.ones(shape)) - start
        if own.family == "normal":
            return np.abs(value - start) < 2 * size
        return (start <= value) & (value <= start + size)
    hits = np.zeros(shape[0])
    for number in range(_REDRAWN):
        fresh = simulator.noise(shape[0], _seed(number))[variable]
        hits += with_noise(fresh) == value
    return hits >= _RARE * _REDRAWN


def _seed(number: int) -> int:
    """A seed that no other question uses."""
    return 7_000_000_001 + number
