"""The heads q(z_i | F_stage, given): where concepts are read from the features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dagspec.nn.distributions.family import Parameters
from dagspec.nn.fused import FusedLevels
from dagspec.nn.levels import Posterior, dims
from dagspec.nn.mechanisms import Mechanisms
from dagspec.nn.packing import Layout
from dagspec.nn.perceptrons import Perceptrons


class Readout(nn.Module):
    """What all heads of a stage share: its map, pooled to a grid, in one layer.

    The grid keeps positions, which a pooling to one vector would throw away.

    Args:
        stage: Shape of the features, `(C, H, W)` or `(D,)`.
        grid: Height and width of the grid; `()` for a vector.
        units: Numbers in the summary.
        activation: Class of the non-linearity.
    """

    def __init__(
        self,
        stage: tuple[int, ...],
        grid: tuple[int, ...],
        units: int,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.grid = grid
        inputs = stage[0] * grid[0] * grid[1] if grid else stage[0]
        self.linear = nn.Linear(inputs, units)
        self.activation = activation()

    def forward(self, features: Tensor) -> Tensor:
        """Map `(B, *stage)` to a summary `(units, B)`."""
        if self.grid and tuple(features.shape[2:]) != self.grid:
            features = F.adaptive_avg_pool2d(features, (self.grid[0], self.grid[1]))
        summary: Tensor = self.activation(self.linear(features.flatten(1)))
        return summary.T


class Heads(FusedLevels):
    """q(z | x) = Π q(z_i | F_s(i)(x), given), level by level.

    Args:
        levels: What is given before what is conditioned on it. Where `combine` needs
            the prior, level for level the same concepts as the mechanisms' levels.
        combine: `independent`, `residual` or `precision`.
        units: Numbers in a stage's summary.
        activation: Class of the non-linearity.
    """

    def __init__(
        self,
        levels: Sequence[Posterior],
        combine: str,
        units: int,
        activation: type[nn.Module],
    ) -> None:
        self.posteriors = tuple(levels)
        self.combine = combine
        self.layout = Layout(dims(levels))
        super().__init__(
            [
                Perceptrons(
                    level.given,
                    self.layout,
                    (*level.hidden, level.family.outputs),
                    activation,
                    summary=units,
                )
                for level in levels
            ]
        )

    def level(
        self,
        number: int,
        summaries: Mapping[int, Tensor],
        latents: Tensor,
        mechanisms: Mechanisms,
    ) -> Parameters:
        """Parameters of one level's posteriors, each `(L, dim, B)`.

        Args:
            number: Which level.
            summaries: Summary `(units, B)` of each stage.
            latents: Packed values `(rows, B)`; rows of later levels may be missing.
            mechanisms: The priors, where a posterior is made of them.
        """
        posterior = self.posteriors[number]
        # Samples and the KL keep the precision that autocast takes from layers.
        raw = self.levels[number](latents, summaries[posterior.stage]).to(latents)
        if self.combine == "residual":
            return posterior.family.residual(mechanisms.level(number, latents), raw)
        if self.combine == "precision":
            return posterior.family.precision(mechanisms.level(number, latents), raw)
        return posterior.family.parameters(raw)

    def sample(
        self,
        summaries: Mapping[int, Tensor],
        noise: Sequence[Tensor],
        mechanisms: Mechanisms,
    ) -> tuple[Tensor, list[Parameters]]:
        """A packed sample `(rows, B)` of q(z | x) and the parameters of every level."""
        latents = noise[0].new_zeros(1, noise[0].shape[-1])
        parameters: list[Parameters] = []
        for number, posterior in enumerate(self.posteriors):
            level = self.level(number, summaries, latents, mechanisms)
            value = posterior.family.sample(level, noise[number])
            latents = torch.cat([latents, value.flatten(0, 1)])
            parameters.append(level)
        return latents, parameters
