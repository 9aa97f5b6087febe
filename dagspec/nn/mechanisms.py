"""The mechanisms p(z_i | parents): they see the parents' values, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from dagspec.nn.distributions.family import Parameters
from dagspec.nn.fused import Empty, FusedLevels
from dagspec.nn.levels import Prior, dims
from dagspec.nn.packing import Layout
from dagspec.nn.perceptrons import Perceptrons


class Mechanisms(FusedLevels):
    """p(z) = Π p(z_i | parents), level by level.

    Args:
        levels: Parents before children.
        activation: Class of the non-linearity.
    """

    def __init__(self, levels: Sequence[Prior], activation: type[nn.Module]) -> None:
        self.priors = tuple(levels)
        self.layout = Layout(dims(levels))
        super().__init__(
            [
                Empty()  # a fixed prior needs no numbers
                if level.hidden is None
                else Perceptrons(
                    level.parents,
                    self.layout,
                    (*level.hidden, level.family.outputs),
                    activation,
                    # A long chain would otherwise start with numbers that grow.
                    scale=0.1,
                )
                for level in levels
            ]
        )

    def level(self, number: int, latents: Tensor) -> Parameters:
        """Parameters of one level's priors, each `(L, dim, B)`.

        Args:
            number: Which level.
            latents: Packed values `(rows, B)`; rows of later levels may be missing.
        """
        family, names = self.priors[number].family, self.priors[number].parents
        if self.priors[number].hidden is None:
            standard = family.standard(latents)
            shape = (len(names), family.dim, latents.shape[1])
            return tuple(part.expand(shape) for part in standard)
        # As in the heads: the KL compares numbers of one precision.
        return family.parameters(self.levels[number](latents).to(latents))

    def forward(self, latents: Tensor) -> list[Parameters]:
        """Parameters of every level's priors at given values `(rows, B)`."""
        return [self.level(number, latents) for number in range(len(self.priors))]

    def sample(
        self, noise: Sequence[Tensor], do: Mapping[str, Tensor]
    ) -> tuple[Tensor, list[Parameters]]:
        """Ancestral samples, with the edges into the concepts of `do` cut.

        Args:
            noise: Exogenous noise of each level, `(L, dim, B)`.
            do: Values `(dim, B)` of the concepts that are set.

        Returns:
            Packed values `(rows, B)` and the parameters of every level.
        """
        latents = noise[0].new_zeros(1, noise[0].shape[-1])
        parameters: list[Parameters] = []
        for number, prior in enumerate(self.priors):
            level = self.level(number, latents)
            value = prior.family.sample(level, noise[number])
            if not do.keys().isdisjoint(prior.parents):
                rows = zip(prior.parents, value, strict=True)
                value = torch.stack([do.get(name, row) for name, row in rows])
            latents = torch.cat([latents, value.flatten(0, 1)])
            parameters.append(level)
        return latents, parameters
