"""Factors as a renderer wants them: flat arrays of one length, inside their domains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray


def check_domains(
    given: Mapping[str, ArrayLike], domains: Mapping[str, tuple[float, float]]
) -> dict[str, NDArray[np.float64]]:
    """Factors `(N,)` or scalars as arrays `(N,)`, each within its closed interval.

    Raises:
        ValueError: One is not flat, lengths differ, or a value is outside its domain.
    """
    arrays = {n: np.atleast_1d(np.asarray(v, np.float64)) for n, v in given.items()}
    for name, value in arrays.items():
        if value.ndim != 1:
            raise ValueError(f"{name} must be a flat array, not of shape {value.shape}")
        low, high = domains[name]
        wrong = ~((value >= low) & (value <= high))
        if wrong.any():
            raise ValueError(
                f"{name} {value[wrong][0]:g} is not in [{low:g}, {high:g}]"
            )
    together = np.broadcast_arrays(*arrays.values())
    return dict(zip(arrays, together, strict=True))
