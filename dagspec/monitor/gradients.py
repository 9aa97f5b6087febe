"""How large the gradient is in each part of a model."""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from typing import cast

import torch
from torch import Tensor, nn


def gradient_norms(model: nn.Module) -> dict[str, float]:
    """L2 norm of the gradient of each part, in one pass over all of them.

    The squares of all parts add up to the square of the whole gradient's norm.

    Args:
        model: After a backward pass; what has no gradient is left out.

    Returns:
        Norms by part: `encoder.1` … for the stages, `readouts`, `heads`, `mechanisms`,
        `writers`, `decoder.1` …, `decoder.constant`, and `observation` where it learns.
    """
    gradients: dict[str, Tensor] = {
        name: parameter.grad
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }
    if not gradients:
        return {}
    norms = torch._foreach_norm(list(gradients.values()))  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
    squares: dict[str, float] = defaultdict(float)
    sizes = torch.stack([norm.double() for norm in norms]).square()
    for name, square in zip(
        gradients, cast("list[float]", sizes.tolist()), strict=True
    ):
        squares[part_of(name)] += square
    return {part: sqrt(square) for part, square in squares.items()}


def part_of(name: str) -> str:
    """The part that a parameter belongs to, such as `encoder.1` or `heads`."""
    first, *rest = name.split(".")
    if first not in {"encoder", "decoder"}:
        return first
    return f"{first}.{rest[1] if rest[0] == 'stages' else rest[0]}"
