"""The normalisations that a stage can have."""

from __future__ import annotations

from math import gcd

from torch import nn


def normalisation(norm: str, channels: int) -> nn.Module:
    """A module that keeps the shape `(B, C, H, W)`; it does nothing for `none`."""
    if norm == "batch":
        return nn.BatchNorm2d(channels, momentum=0.05)
    if norm == "group":
        return nn.GroupNorm(gcd(8, channels), channels)
    return nn.Identity()
