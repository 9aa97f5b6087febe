"""What the features of the way up look like over many examples."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

SAMPLED = 10_000
HARDLY, RESOLUTION = 1e-4, 1e-6
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class StageStats:
    """The activations F_s of one stage on the way up.

    Attributes:
        number: 1 is nearest the observed node.
        channels: How many channels (units, for a vector) it has.
        dead: Share of the channels that hardly vary over examples and positions.
        values: Some of the activations, at most 10,000, for a histogram; the same ones
            each time.
    """

    number: int
    channels: int
    dead: float
    values: Tensor = field(repr=False, compare=False)


class StageSums:
    """Gathers the activations of a stage, part by part.

    A channel is dead if its standard deviation over all examples and positions is below
    1e-4 of the largest one of its stage, or below 1e-6 of its own size. The first is
    relative since features have no unit of their own; it holds for a `relu` that is
    always zero and for a `silu` that is always near it. The second finds a stage that
    is constant altogether: 1e-6 is about what float32 can tell apart.

    Args:
        parts: In how many parts the activations will come.
    """

    def __init__(self, parts: int) -> None:
        self._share = SAMPLED // parts
        self._count = 0
        self._first: Tensor | float = 0.0
        self._second: Tensor | float = 0.0
        self._values: list[Tensor] = []

    def add(self, features: Tensor) -> None:
        """Take in the features `(B, C, …)` of some examples."""
        places = [axis for axis in range(features.ndim) if axis != 1]
        count = features.numel() // features.shape[1]
        variance, mean = torch.var_mean(features.float(), places, correction=0)
        variance, mean = variance.double(), mean.double()
        self._count += count
        self._first = self._first + count * mean
        self._second = self._second + count * (variance + mean.square())
        self._values.append(_some(features, self._share).float().cpu())

    def stats(self, number: int) -> StageStats:
        """What came of it.

        Args:
            number: Of the stage.
        """
        mean = torch.as_tensor(self._first) / self._count
        square = torch.as_tensor(self._second) / self._count
        deviation = (square - mean.square()).clamp_min(0).sqrt()
        dead = (deviation <= HARDLY * deviation.max()) | (
            deviation <= RESOLUTION * square.sqrt()
        )
        share = dead.double().mean().item()
        return StageStats(number, len(dead), share, torch.cat(self._values))


def _some(features: Tensor, count: int) -> Tensor:
    """At most `count` numbers, spread evenly over examples, channels and positions.

    Steps of the golden ratio keep no time with the width of a map, as a fixed step
    would, and so miss no channel and no position.
    """
    flat = features.flatten()
    if len(flat) <= count:
        return flat
    steps = torch.arange(count, dtype=torch.float64) * _GOLDEN
    places = (steps.frac() * len(flat)).long()
    return flat[places.to(flat.device)]
