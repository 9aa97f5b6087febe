"""Factors and codes whose scores are known."""

from __future__ import annotations

import numpy as np

from dagspec.evaluate.metrics import Codes, Factor


def codes(**columns):
    """Codes with a concept for each name; a matrix is a concept of several columns."""
    blocks = {
        name: np.asarray(values, dtype=np.float64).reshape(len(values), -1)
        for name, values in columns.items()
    }
    names = [name for name, block in blocks.items() for _ in block.T]
    return Codes(np.concatenate(list(blocks.values()), axis=1), tuple(names))


def crossed(*sizes, times):
    """Every combination of classes below the sizes, `times` times; an array a class."""
    grid = np.meshgrid(*(np.arange(size) for size in sizes), indexing="ij")
    return [np.repeat(each.ravel(), times) for each in grid]


def classes(name, values):
    """A class factor of these integers."""
    return Factor(name, values, "class", classes=int(values.max()) + 1)


def within(score):
    """Whether every interval of a score holds its value."""
    whole = [] if score.low is None else [(score.low, score.value, score.high)]
    parts = [(low, score.parts[k], high) for k, (low, high) in score.intervals.items()]
    return all(
        low - 1e-12 <= value <= high + 1e-12 for low, value, high in whole + parts
    )
