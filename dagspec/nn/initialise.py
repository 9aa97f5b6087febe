"""First values that depend on a parameter's name and on nothing else.

Each parameter is drawn from a generator of its own, seeded by a hash of (seed, key).
Latents that are declared in another order, or grouped in another way, start from the
same values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import cast

import torch
from torch import Tensor, nn

from dagspec.nn.fused import Fused, he_bound


def seeded(seed: int, key: str) -> torch.Generator:
    """Generator whose stream is decided by (seed, key)."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def initialise(model: nn.Module, seed: int) -> None:
    """Draw every parameter of `model` anew.

    Weights are uniform with the variance 2/fan_in of He et al. 2015 (arXiv 1502.01852);
    biases and constants start at zero, the gains of normalisations at one.
    """
    with torch.no_grad():
        modules = cast("Iterator[tuple[str, nn.Module]]", model.named_modules())
        for path, module in modules:
            prefix = f"{path}." if path else ""
            if isinstance(module, Fused):
                if not module.owned:
                    for key, value, bound in module.views():
                        _draw(value, bound, seed, prefix + key)
                continue
            own: Mapping[str, Tensor] = dict(module.named_parameters(recurse=False))
            for name, value in own.items():
                bound = _bound(module, name)
                if bound is not None:
                    _draw(value, bound, seed, prefix + name)


def _bound(module: nn.Module, name: str) -> float | None:
    """Bound of a layer's first values; None where a parameter stays as it was made."""
    if not isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        return None
    if name == "bias":
        return 0.0
    if isinstance(module, nn.ConvTranspose2d):
        # Each output sees only every stride-th tap of the kernel.
        taps = module.weight[0, 0].numel() // (module.stride[0] * module.stride[1])
        return he_bound(module.in_channels * taps)
    return he_bound(module.weight[0].numel())


def _draw(value: Tensor, bound: float, seed: int, key: str) -> None:
    if not bound:
        value.zero_()
        return
    generator = seeded(seed, key)
    drawn = torch.rand(value.shape, generator=generator, dtype=torch.float64)
    value.copy_((2 * drawn - 1) * bound)
