"""Streams of random numbers that share nothing: one a use, seed and number."""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Literal, get_args

import numpy as np

# New uses are added at the end: the place of one decides its numbers.
Use = Literal[
    "epoch",
    "step",
    "validation",
    "test",
    "noise",
    "scales",
    "mlp",
    "training",
    "redraw",
]
_USES: Final[tuple[Use, ...]] = get_args(Use)


def stream(
    use: Use, seed: int = 0, number: int = 0, name: str = ""
) -> np.random.Generator:
    """The generator of one use, always at its beginning.

    Args:
        use: What its numbers decide; equal seeds of two uses are unrelated.
        seed: Of the run; not negative.
        number: Of the epoch or the step; not negative.
        name: Of what has a stream of its own within one use.
    """
    digest = np.frombuffer(sha256(name.encode()).digest(), np.uint32) if name else ()
    key = (_USES.index(use), number, *map(int, digest))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
