"""One small MLP for each latent of a level, all computed together.

Mechanisms and heads are both of this kind: they differ in whether they see the image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from dagspec.nn.fused import Entry, Fused, he_bound
from dagspec.nn.packing import Layout


class Perceptrons(Fused):
    """f(W_s·summary + Σ_parent W_parent·z_parent + b), and so on, for L latents.

    The weights of a latent's parents are saved one entry a parent, so parents that are
    declared in another order still find their own weights.

    Args:
        inputs: Each latent's name and the names of the concepts that it sees.
        layout: Rows of those concepts in the packed latents.
        sizes: Units of each hidden layer and then of the output.
        activation: Class of the non-linearity between layers.
        summary: Numbers in the image's summary that each latent sees too; 0 for none.
        scale: Of the first weights of the last layer.
    """

    index: Tensor

    def __init__(
        self,
        inputs: Mapping[str, Sequence[str]],
        layout: Layout,
        sizes: Sequence[int],
        activation: type[nn.Module],
        summary: int = 0,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.scale = scale
        self.count = len(inputs)
        self.activation = activation()
        width = max(len(layout.indices(names)) for names in inputs.values())
        rows = [layout.indices(names, pad_to=width) for names in inputs.values()]
        self.register_buffer("index", torch.tensor(rows).flatten(), persistent=False)
        self.width = width
        self.summary = summary
        self.depth = len(sizes)
        if summary:
            self.weight_summary = self._stack(sizes[0], summary)
        if width:
            self.weight_0 = self._stack(sizes[0], width)
        self.bias_0 = self._stack(sizes[0], 1)
        for layer in range(1, self.depth):
            weight = self._stack(sizes[layer], sizes[layer - 1])
            self.register_parameter(f"weight_{layer}", weight)
            self.register_parameter(f"bias_{layer}", self._stack(sizes[layer], 1))
        for row, (name, names) in enumerate(inputs.items()):
            self._enter(row, name, names, layout, sizes)

    def _stack(self, outputs: int, inputs: int) -> nn.Parameter:
        return nn.Parameter(torch.zeros(self.count, outputs, inputs))

    def _enter(
        self,
        row: int,
        name: str,
        names: Sequence[str],
        layout: Layout,
        sizes: Sequence[int],
    ) -> None:
        """Name the parts of the stacked parameters that are latent number `row`."""
        everything = slice(None)
        scales = [1.0] * (self.depth - 1) + [self.scale]
        seen = self.summary + len(layout.indices(names))
        bound = scales[0] * he_bound(seen) if seen else 0.0
        if self.summary:
            part = Entry("weight_summary", (row,), bound)
            self.entries[f"{name}.readout.weight"] = part
        start = 0
        for parent in names:
            columns = slice(start, start + layout.dim(parent))
            part = Entry("weight_0", (row, everything, columns), bound)
            self.entries[f"{name}.from.{parent}.weight"] = part
            start = columns.stop
        self.entries[f"{name}.bias"] = Entry("bias_0", (row, everything, 0))
        for layer in range(1, self.depth):
            bound = scales[layer] * he_bound(sizes[layer - 1])
            weight = Entry(f"weight_{layer}", (row,), bound)
            bias = Entry(f"bias_{layer}", (row, everything, 0))
            self.entries[f"{name}.{layer}.weight"] = weight
            self.entries[f"{name}.{layer}.bias"] = bias

    def forward(self, latents: Tensor, summary: Tensor | None = None) -> Tensor:
        """Outputs of every latent's MLP.

        Args:
            latents: Packed values `(rows, B)`.
            summary: The image's summary `(S, B)`, if the latents see it.

        Returns:
            A tensor `(L, outputs, B)`.
        """
        batch = latents.shape[1]
        hidden = self.bias_0
        if summary is not None:
            seen = self.weight_summary.flatten(0, 1) @ summary
            hidden = hidden + seen.view(self.count, -1, batch)
        if self.width:
            given = latents.index_select(0, self.index).view(self.count, -1, batch)
            hidden = torch.baddbmm(hidden, self.weight_0, given)
        for layer in range(1, self.depth):
            weight: Tensor = getattr(self, f"weight_{layer}")
            bias: Tensor = getattr(self, f"bias_{layer}")
            hidden = torch.baddbmm(bias, weight, self.activation(hidden))
        return hidden.expand(-1, -1, batch)
