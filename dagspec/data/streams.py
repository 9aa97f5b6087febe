"""Streams of random numbers that share nothing: one a use, seed and number."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

Use = Literal["epoch", "step", "validation", "test"]

_USES: Final[tuple[Use, ...]] = ("epoch", "step", "validation", "test")


def stream(use: Use, seed: int = 0, number: int = 0) -> np.random.Generator:
    """The generator of one use, always at its beginning.

    Args:
        use: What its numbers decide; equal seeds of two uses are unrelated.
        seed: Of the run; not negative.
        number: Of the epoch or the step; not negative.
    """
    key = (_USES.index(use), number)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
