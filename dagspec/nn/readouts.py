"""What heads read of x: a readout for each stage that some head reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch.nn.functional as F
from torch import Tensor, nn


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


class Readouts(nn.ModuleDict):
    """A readout for each stage that some head reads.

    Args:
        readouts: By number of the stage.
    """

    def __init__(self, readouts: Mapping[int, nn.Module]) -> None:
        super().__init__({str(stage): part for stage, part in readouts.items()})

    def forward(self, features: Sequence[Tensor]) -> dict[int, Tensor]:
        """Summaries of F_1 … F_K by number of the stage."""
        return {int(s): read(features[int(s) - 1]) for s, read in self.items()}
