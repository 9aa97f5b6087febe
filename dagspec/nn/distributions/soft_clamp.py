"""A bound that is felt before it is reached."""

from __future__ import annotations

import torch
from torch import Tensor


def soft_clamp(value: Tensor, bound: float = 5.0) -> Tensor:
    """bound·tanh(value/bound): close to the identity near 0 (arXiv 2007.03898)."""
    return bound * torch.tanh(value / bound)
