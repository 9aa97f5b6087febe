"""Regularisers of the weights: spectral norms of convolutions, gains of batch norms.

Both after NVAE (Vahdat & Kautz 2020, arXiv 2007.03898), which gives them one weight.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dagspec.nn.initialise import seeded

Convolution = nn.Conv2d | nn.ConvTranspose2d
BatchNorm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d


class SpectralNorms(nn.Module):
    """Σ sigma_max(W) over convolutions, W as `(out, -1)`, by power iteration.

    Matrices of one shape are iterated together, and go on from where the step before
    left off: v = Wᵀu/|Wᵀu|, u = Wv/|Wv|, sigma = uᵀWv (Yoshida & Miyato 2017, arXiv
    1705.10941). No gradient goes through u and v. They are in the state dict as
    `u_OUTxIN` and `v_OUTxIN`, `(N, 1, OUT)` and `(N, 1, IN)`, so that a run that was
    stopped goes on as it would have. In `eval()` they stay as they are.

    Args:
        model: Whose convolutions are meant.
        steps: Iterations a call.
        first: Iterations before the first call.
    """

    def __init__(self, model: nn.Module, steps: int = 4, first: int = 40) -> None:
        super().__init__()
        self.steps = steps
        groups: dict[tuple[int, int], list[Convolution]] = {}
        for module in model.modules():
            if isinstance(module, Convolution):
                rows, columns = matrix(module).shape
                groups.setdefault((rows, columns), []).append(module)
        # In a dictionary the convolutions stay parts of the model and not of this.
        self.groups = {f"{rows}x{columns}": g for (rows, columns), g in groups.items()}
        with torch.no_grad():
            for name, group in self.groups.items():
                weights = self._weights(group)
                n, rows, _ = weights.shape
                # Drawn by shape: the model's noise does not depend on this option.
                u = torch.randn(n, 1, rows, generator=seeded(0, name)).to(weights)
                u, v = _iterate(weights, F.normalize(u, dim=2), first)
                self.register_buffer(f"u_{name}", u)
                self.register_buffer(f"v_{name}", v)

    def forward(self) -> Tensor:
        """The sum, with gradient."""
        norms = [self._norms(name, group) for name, group in self.groups.items()]
        return torch.stack(norms).sum()

    def _norms(self, name: str, group: list[Convolution]) -> Tensor:
        """Sum over matrices of one shape."""
        weights = self._weights(group)
        u, v = self.get_buffer(f"u_{name}"), self.get_buffer(f"v_{name}")
        with torch.autocast(weights.device.type, enabled=False):
            if self.training:
                with torch.no_grad():
                    ahead, behind = _iterate(weights, u, self.steps)
                    u.copy_(ahead)
                    v.copy_(behind)
            # Copies, since backward needs them after the next call has changed these.
            return (u.clone() * (v.clone() @ weights.mT)).sum()

    def _weights(self, group: list[Convolution]) -> Tensor:
        return torch.stack([matrix(module) for module in group])


def matrix(module: Convolution) -> Tensor:
    """The weight `(out, in/groups · taps)` of a convolution.

    A transposed one keeps `(in, out/groups, h, w)`, which is turned round.
    """
    weight = module.weight
    if isinstance(module, nn.Conv2d):
        return weight.flatten(1)
    inputs = module.in_channels // module.groups
    grouped = weight.reshape(module.groups, inputs, *weight.shape[1:]).transpose(1, 2)
    return grouped.reshape(module.out_channels, -1)


def batch_norm_gains(model: nn.Module) -> list[nn.Parameter]:
    """The gain gamma of every batch normalisation that has one."""
    found = (module for module in model.modules() if isinstance(module, BatchNorm))
    return [module.weight for module in found if module.affine]


def largest_gains(gains: list[nn.Parameter]) -> Tensor:
    """Σ max|gamma|, with gradient."""
    return torch.stack([gain.abs().amax() for gain in gains]).sum()


def _iterate(weights: Tensor, u: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """New u `(N, 1, R)` and v `(N, 1, C)` of matrices `(N, R, C)`.

    Rows and not columns: in batches of products a CPU is often much faster with them.
    """
    v = u @ weights
    for _ in range(steps - 1):
        u = F.normalize(v @ weights.mT, dim=2)
        v = u @ weights
    v = F.normalize(v, dim=2)
    return F.normalize(v @ weights.mT, dim=2), v
