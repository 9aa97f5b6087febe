"""Halving and doubling of maps of any size: what rounding added, the way up crops."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class Halve(nn.Module):
    """Convolution 4x4 with stride 2; H becomes H/2, rounded up."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, inputs, H, W)` to `(B, outputs, ceil(H/2), ceil(W/2))`."""
        odd_height, odd_width = x.shape[2] % 2, x.shape[3] % 2
        if odd_height or odd_width:
            x = F.pad(x, (0, odd_width, 0, odd_height))
        out: Tensor = self.conv(x)
        return out


class Double(nn.Module):
    """Transposed convolution 4x4 with stride 2, cropped to a given height and width."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, ...]) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, inputs, h, w)` to `(B, outputs, *size)`."""
        out: Tensor = self.conv(x)
        return out[:, :, : self.size[0], : self.size[1]]
