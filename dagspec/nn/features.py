"""The image's own features: a tower that narrows and a tower that widens again.

Their widths come from the spec's `features` alone; no latent decides any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

Shape = tuple[int, ...]


class Block(Protocol):
    """A module class that leads from one stage to the next."""

    def __call__(
        self, source: Shape, target: Shape, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """Build the module that turns features of shape `source` into `target`."""
        ...


class Encoder(nn.Module):
    """F_1 … F_K, bottom-up from x.

    Args:
        observed: Shape of x, `(C, H, W)` or `(D,)`.
        stages: Shape of every F_s, the one nearest x first.
        block: What leads from a stage to the next.
        norm: `none`, `batch` or `group`.
        activation: Class of the non-linearity.
    """

    def __init__(
        self,
        observed: Shape,
        stages: Sequence[Shape],
        block: Block,
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        sources = (observed, *stages[:-1])
        self.stages = nn.ModuleDict(
            {
                str(number): block(source, target, norm, activation)
                for number, (source, target) in enumerate(
                    zip(sources, stages, strict=True), start=1
                )
            }
        )

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Features of every stage, the one nearest x first, each `(B, *shape)`."""
        features: list[Tensor] = []
        for stage in self.stages.values():
            x = stage(x)
            features.append(x)
        return tuple(features)


class Decoder(nn.Module):
    """G_K … G_1 and on to the parameters of p(x | z), from a learned constant.

    There is no other way from x to here than through the latents that are written in.

    Args:
        stages: Shape of every G_s, the one nearest x first.
        output: Shape of what p(x | z) needs.
        block: What leads from a stage to the one before it.
        norm: `none`, `batch` or `group`.
        activation: Class of the non-linearity.
    """

    def __init__(
        self,
        stages: Sequence[Shape],
        output: Shape,
        block: Block,
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.constant = nn.Parameter(torch.zeros(stages[-1]))
        targets = (output, *stages[:-1])
        self.stages = nn.ModuleDict(
            {
                str(number): block(source, target, norm, activation)
                for number, (source, target) in enumerate(
                    zip(stages, targets, strict=True), start=1
                )
            }
        )

    def forward(self, written: Mapping[int, Tensor], batch: int) -> Tensor:
        """Parameters of p(x | z).

        Args:
            written: What the concepts write into G_s, `(B, *shape)` by stage.
            batch: Number of examples.

        Returns:
            A tensor `(B, *output)`.
        """
        state = self.constant.expand(batch, *self.constant.shape)
        for number in range(len(self.stages), 0, -1):
            if number in written:
                state = state + written[number]
            state = self.stages[str(number)](state)
        return state
