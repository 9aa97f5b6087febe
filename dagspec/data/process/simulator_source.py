"""A process as training examples, without end or so many; chosen is their noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dagspec.data.drawn import keys_of
from dagspec.data.epochs import Epochs
from dagspec.data.process.exogenous import Noise
from dagspec.data.process.simulator import Simulator
from dagspec.data.source import Batch, Column, Scale, Split

_EPOCH: Final = 50_000
_SCALED_BY: Final = 100_000  # examples: the mean is known to 0.003 standard deviations


@dataclass(frozen=True)
class ProcessSource:
    """Examples of a process; see `Source`.

    Attributes:
        simulator: Runs the process, and answers what its interventions would do.
        examples: How many there are to train on; None for examples without end.
    """

    simulator: Simulator
    examples: int | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The variables of the process, those that no concept is tied to included."""
        return self.simulator.columns

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the observed node."""
        return self.simulator.shape

    @property
    def size(self) -> int:
        """How many examples are called an epoch."""
        return self.examples or _EPOCH

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Scale of each real column over a fixed sample of 100,000 examples.

        A column that never varies has a deviation of 1: there is nothing to divide by.
        """
        return self._scales

    @cached_property
    def _scales(self) -> Mapping[str, Scale]:
        sample = self.simulator.exogenous.draw(_SCALED_BY, "scales")
        factors = self.simulator.factors(sample)
        real = (each.name for each in self.columns if each.kind == "real")
        return {
            name: Scale(float(factors[name].mean()), float(factors[name].std()) or 1.0)
            for name in real
        }

    def choose(self, step: int, n: int, seed: int) -> NDArray[np.float64]:
        """The noise of a step's examples, a row each; see `Source.choose`."""
        if self.examples is None:
            return self._rows(self.simulator.exogenous.draw(n, "step", seed, step))
        return self._training[self._epochs.choose(step, n, seed)]

    @cached_property
    def _epochs(self) -> Epochs:
        return Epochs(self.size)

    @cached_property
    def _training(self) -> NDArray[np.float64]:
        """The noise of all training examples, the same for every seed of a run."""
        return self._rows(self.simulator.exogenous.draw(self.size, "training"))

    def load(self, chosen: NDArray[np.float64]) -> Batch:
        """The examples of chosen noise; their keys are hashes of it.

        Raises:
            DataError: A variable of an example leaves its domain.
        """
        noise = self.simulator.exogenous.unpack(chosen)
        factors = self.simulator.factors(noise)
        labels = {
            column.name: factors[column.name].astype(
                np.int64 if column.kind == "class" else np.float32
            )
            for column in self.columns
        }
        return Batch(self.simulator.observe(factors, noise), labels, keys_of(chosen))

    def held_out(self, n: int, split: Split = "validation") -> Batch:
        """Examples from streams of their own; noise is real, so none comes twice.

        Raises:
            DataError: A variable of an example leaves its domain.
        """
        return self.load(self._rows(self.simulator.exogenous.draw(n, split)))

    def _rows(self, noise: Noise) -> NDArray[np.float64]:
        return self.simulator.exogenous.pack(noise)
