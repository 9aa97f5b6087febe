"""A bottom-up network whose layers follow the graph: the baseline to beat.

All of the image passes through the layer of the leaves, which is as wide as the heads
of these concepts put out numbers, and from there to the layer of their causes:
d_leaf = W h, d_g = W tanh(d_g+1), with h one layer on the flattened F_K.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from dagspec.nn.fused import Empty, Fused
from dagspec.nn.heads import Heads
from dagspec.nn.levels import Posterior
from dagspec.nn.perceptrons import Perceptrons


class Coupled(nn.Module):
    """The layers.

    Args:
        stage: Shape of the deepest features.
        widths: Width of each generation's layer, the leaves' first.
        units: Numbers in h.
        activation: Class of the non-linearity of h.
    """

    def __init__(
        self,
        stage: tuple[int, ...],
        widths: Mapping[int, int],
        units: int,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.linear = nn.Linear(torch.Size(stage).numel(), units)
        self.activation = activation()
        inputs = [units, *widths.values()]
        self.layers = nn.ModuleDict(
            {
                str(generation): nn.Linear(below, width)
                for below, (generation, width) in zip(
                    inputs, widths.items(), strict=False
                )
            }
        )

    def forward(self, features: Sequence[Tensor]) -> dict[int, Tensor]:
        """The layers `(width, B)` on F_K by number of the generation."""
        state: Tensor = self.activation(self.linear(features[-1].flatten(1)))
        found: dict[int, Tensor] = {}
        for generation, layer in self.layers.items():
            below = torch.tanh(state) if found else state
            state = layer(below)
            found[int(generation)] = state.T
        return found


class CoupledHeads(Heads):
    """q(z | x): each concept has rows of d_g, and what its parents add to them.

    d_g holds the concepts of generation g in the order of the levels.

    Args:
        levels: As in `Heads`; `reads` is the generation, `hidden` are layers between
            the parents and what they add.
        combine: `independent`, `residual` or `precision`.
        activation: Class of the non-linearity.
    """

    def __init__(
        self, levels: Sequence[Posterior], combine: str, activation: type[nn.Module]
    ) -> None:
        super().__init__(levels, combine, 0, activation)
        self.rows: list[slice] = []
        ends: dict[int | None, int] = {}
        for level in levels:
            start = ends.get(level.reads, 0)
            ends[level.reads] = start + len(level.given) * level.family.outputs
            self.rows.append(slice(start, ends[level.reads]))

    def _network(
        self, level: Posterior, units: int, activation: type[nn.Module]
    ) -> Fused:
        if not any(level.given.values()):
            return Empty()
        return Perceptrons(
            level.given,
            self.layout,
            (*level.hidden, level.family.outputs),
            activation,
            # As in the mechanisms: at first, a posterior is what the image alone says.
            scale=0.1,
        )

    def _outputs(
        self, number: int, summaries: Mapping[int, Tensor], latents: Tensor
    ) -> Tensor:
        posterior = self.posteriors[number]
        assert posterior.reads is not None
        own = summaries[posterior.reads][self.rows[number]]
        shape = len(posterior.given), posterior.family.outputs, own.shape[1]
        outputs = own.view(shape)
        if any(posterior.given.values()):
            outputs = outputs + self.levels[number](latents)
        return outputs
