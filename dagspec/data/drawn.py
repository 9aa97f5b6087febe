"""Scenes drawn from their geometry without end: causes, effects, picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.source import Batch, Column, Scale, Split
from dagspec.data.streams import stream

Factors: TypeAlias = Mapping[str, NDArray[np.float64]]

_FINE = 512  # points an axis: makes scales of smooth factors exact to six digits


@dataclass(frozen=True)
class DrawnScenes:
    """Scenes whose causes are drawn uniformly; what is chosen are points of a square.

    Attributes:
        columns: All factors, causes and effects; real ones.
        shape: Channels, height and width.
        size: How many scenes are called an epoch.
        explain: All factors `(N,)` of points `(N, causes)` of the unit cube.
        render: Images float32 `(N, *shape)` of all factors.
        causes: How many factors are drawn; the others follow from them.
    """

    columns: tuple[Column, ...]
    shape: tuple[int, ...]
    size: int
    explain: Callable[[NDArray[np.float64]], Factors]
    render: Callable[[Factors], NDArray[np.float32]]
    causes: int = 2

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Scale of each factor, integrated over the causes by the midpoint rule."""
        return self._scales

    @cached_property
    def _scales(self) -> Mapping[str, Scale]:
        middle = (np.arange(_FINE) + 0.5) / _FINE
        axes = np.meshgrid(*[middle] * self.causes)
        factors = self.explain(np.stack([axis.ravel() for axis in axes], axis=1))
        return {
            name: Scale(float(value.mean()), float(value.std()))
            for name, value in factors.items()
        }

    def choose(self, step: int, n: int, seed: int) -> NDArray[np.float64]:
        """Points `(n, causes)` of the unit cube; see `Source.choose`."""
        return stream("step", seed, step).random((n, self.causes))

    def load(self, chosen: NDArray[np.float64]) -> Batch:
        """The scenes of chosen points; their keys are hashes of the points."""
        factors = self.explain(chosen)
        labels = {name: value.astype(np.float32) for name, value in factors.items()}
        return Batch(self.render(factors), labels, keys_of(chosen))

    def held_out(self, n: int, split: Split = "validation") -> Batch:
        """Scenes from a stream of their own; causes are reals, so none comes twice."""
        return self.load(stream(split).random((n, self.causes)))


def keys_of(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """A hash `(N,)`, not negative, of each row of `(N, D)`."""
    mixed = np.zeros(len(points), np.uint64)
    for bits in np.ascontiguousarray(points).view(np.uint64).T:
        mixed = (mixed ^ bits) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
    return (mixed >> np.uint64(1)).astype(np.int64)
