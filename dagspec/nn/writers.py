"""Where concepts are written into the features on their way down: readouts mirrored."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dagspec.nn.fused import Entry, Fused, he_bound
from dagspec.nn.packing import Layout


class Writer(Fused):
    """A stage's concepts, through one layer, onto a grid, onto the stage's map.

    Args:
        names: Concepts that are written into the stage.
        layout: Rows of the concepts in the packed latents.
        stage: Shape of the features, `(C, H, W)` or `(D,)`.
        grid: Height and width of the grid; `()` for a vector.
        units: Width of the layer.
        activation: Class of the non-linearity.
    """

    index: Tensor

    def __init__(
        self,
        names: Sequence[str],
        layout: Layout,
        stage: tuple[int, ...],
        grid: tuple[int, ...],
        units: int,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        rows = layout.indices(names)
        self.register_buffer("index", torch.tensor(rows), persistent=False)
        self.weight = nn.Parameter(torch.zeros(units, len(rows)))
        self.bias = nn.Parameter(torch.zeros(units, 1))
        self.entries["bias"] = Entry("bias", (slice(None), 0))
        start = 0
        for name in names:
            columns = slice(start, start + layout.dim(name))
            part = Entry("weight", (slice(None), columns), he_bound(len(rows)))
            self.entries[f"from.{name}.weight"] = part
            start = columns.stop
        self.stage, self.grid = stage, grid
        outputs = stage[0] * grid[0] * grid[1] if grid else stage[0]
        self.linear = nn.Linear(units, outputs)
        self.activation = activation()

    def forward(self, latents: Tensor) -> Tensor:
        """What packed latents `(rows, B)` write, `(B, *stage)`."""
        given = latents.index_select(0, self.index)
        hidden = self.activation(torch.addmm(self.bias, self.weight, given))
        out: Tensor = self.linear(hidden.T)
        if not self.grid:
            return out
        out = out.view(-1, self.stage[0], *self.grid)
        if self.grid == self.stage[1:]:
            return out
        return F.interpolate(out, self.stage[1:], mode="bilinear", align_corners=False)
