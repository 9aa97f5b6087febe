"""The heads q(z_i | F_stage, given): where concepts are read from the features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from dagspec.nn.distributions.family import Parameters
from dagspec.nn.fused import Fused, FusedLevels
from dagspec.nn.levels import Posterior, dims
from dagspec.nn.mechanisms import Mechanisms
from dagspec.nn.packing import Layout
from dagspec.nn.perceptrons import Perceptrons


class Heads(FusedLevels):
    """q(z | x) = Π q(z_i | F_s(i)(x), given), level by level.

    Args:
        levels: What is given before what is conditioned on it. Where `combine` needs
            the prior, level for level the same concepts as the mechanisms' levels.
        combine: `independent`, `residual` or `precision`.
        units: Numbers in a summary of x.
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
        super().__init__([self._network(level, units, activation) for level in levels])

    def _network(
        self, level: Posterior, units: int, activation: type[nn.Module]
    ) -> Fused:
        return Perceptrons(
            level.given,
            self.layout,
            (*level.hidden, level.family.outputs),
            activation,
            summary=0 if level.reads is None else units,
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
            summaries: Summaries `(units, B)` of x by number.
            latents: Packed values `(rows, B)`; rows of later levels may be missing.
            mechanisms: The priors, where a posterior is made of them.
        """
        posterior = self.posteriors[number]
        # Samples and the KL keep the precision that autocast takes from layers.
        raw = self._outputs(number, summaries, latents).to(latents)
        if self.combine == "residual":
            return posterior.family.residual(mechanisms.level(number, latents), raw)
        if self.combine == "precision":
            return posterior.family.precision(mechanisms.level(number, latents), raw)
        return posterior.family.parameters(raw)

    def _outputs(
        self, number: int, summaries: Mapping[int, Tensor], latents: Tensor
    ) -> Tensor:
        """What one level's heads put out, `(L, outputs, B)`."""
        reads = self.posteriors[number].reads
        seen = None if reads is None else summaries[reads]
        outputs: Tensor = self.levels[number](latents, seen)
        return outputs

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
