"""The model of specs/dsprites.dag as one would write it by hand.

It has the towers, readouts, heads, mechanisms and writers of the compiled model, so as
many parameters, and computes the same ELBO; `make bench` holds the compiled model
against it. What it lacks is the graph: every edge is spelled out below, in three
places, and adding a concept means editing all of them.
"""

from __future__ import annotations

from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

UNITS = 256  # of the layer between a stage of features and its concepts
GRID = 4  # side of the grid that a stage is pooled to
TEMPERATURE = 0.5  # of the relaxed shape


def mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    """Two layers."""
    layers = nn.Linear(inputs, hidden), nn.SiLU(), nn.Linear(hidden, outputs)
    return nn.Sequential(*layers)


def readout(channels: int) -> nn.Sequential:
    """A map, pooled to a grid, in one layer."""
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(GRID),
        nn.Flatten(),
        nn.Linear(channels * GRID * GRID, UNITS),
        nn.SiLU(),
    )


def normal(raw: Tensor) -> tuple[Tensor, Tensor]:
    """Mu, and log sigma softly kept within ±5."""
    mu, log_sigma = raw.chunk(2, dim=1)
    return mu, 5 * torch.tanh(log_sigma / 5)


def sample_normal(mu: Tensor, log_sigma: Tensor) -> Tensor:
    """Mu + sigma·noise."""
    return mu + log_sigma.exp() * torch.randn_like(mu)


def sample_one_hot(logits: Tensor) -> Tensor:
    """A class, exactly one-hot, with the gradient of the Gumbel-softmax."""
    noisy = logits - torch.empty_like(logits).exponential_().log()
    soft = torch.softmax(noisy / TEMPERATURE, dim=1)
    hard = F.one_hot(noisy.argmax(1), logits.shape[1]).to(soft.dtype)
    return hard + (soft - soft.detach())


def kl_normal(
    mu: Tensor, log_sigma: Tensor, mu_p: Tensor, log_sigma_p: Tensor
) -> Tensor:
    """KL between two normals in nats, `(B,)`."""
    log_ratio = log_sigma - log_sigma_p
    distance = (mu - mu_p).square() * torch.exp(-2 * log_sigma_p)
    return 0.5 * (torch.expm1(2 * log_ratio) - 2 * log_ratio + distance).sum(1)


def kl_standard(mu: Tensor, log_sigma: Tensor) -> Tensor:
    """KL between a normal and the standard normal in nats, `(B,)`."""
    terms = torch.expm1(2 * log_sigma) - 2 * log_sigma + mu.square()
    return 0.5 * terms.sum(1)


def kl_uniform(logits: Tensor) -> Tensor:
    """KL between a categorical and the uniform one in nats, `(B,)`."""
    log_q = torch.log_softmax(logits, dim=1)
    return (log_q.exp() * log_q).sum(1) + log(logits.shape[1])


class HandwrittenDsprites(nn.Module):
    """Five named concepts behind a 64x64 sprite."""

    def __init__(self) -> None:
        super().__init__()
        self.down1 = nn.Conv2d(1, 32, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(32, 32, 4, stride=2, padding=1)
        self.down3 = nn.Conv2d(32, 64, 4, stride=2, padding=1)
        self.down4 = nn.Conv2d(64, 64, 4, stride=2, padding=1)
        self.readout3 = readout(64)
        self.readout4 = readout(64)

        # q(z_i | features, parents)
        self.q_shape = mlp(UNITS, 32, 3)
        self.q_pos_x = mlp(UNITS, 32, 2)
        self.q_pos_y = mlp(UNITS, 32, 2)
        self.q_scale = mlp(UNITS + 3, 32, 2)
        self.q_orientation = mlp(UNITS + 1, 32, 4)

        # p(z_i | parents)
        self.p_scale = mlp(3, 32, 2)
        self.p_orientation = mlp(1, 32, 4)

        self.constant = nn.Parameter(torch.zeros(64, 4, 4))
        self.writer4 = mlp(6, UNITS, 64 * GRID * GRID)
        self.writer3 = mlp(2, UNITS, 64 * GRID * GRID)
        self.up4 = nn.ConvTranspose2d(64, 64, 4, stride=2, padding=1)
        self.up3 = nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(32, 32, 4, stride=2, padding=1)
        self.up1 = nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1)

    def elbo(self, x: Tensor) -> Tensor:
        """ELBO of images `(B, 1, 64, 64)` at a sample of q(z | x), in nats, `(B,)`."""
        third = F.silu(self.down3(F.silu(self.down2(F.silu(self.down1(x))))))
        fourth = F.silu(self.down4(third))
        seen3, seen4 = self.readout3(third), self.readout4(fourth)

        q_shape = self.q_shape(seen4)
        q_pos_x = normal(self.q_pos_x(seen4))
        q_pos_y = normal(self.q_pos_y(seen4))
        shape = sample_one_hot(q_shape)
        pos_x, pos_y = sample_normal(*q_pos_x), sample_normal(*q_pos_y)
        q_scale = normal(self.q_scale(torch.cat([seen4, shape], dim=1)))
        q_orientation = normal(self.q_orientation(torch.cat([seen3, pos_x], dim=1)))
        scale, orientation = sample_normal(*q_scale), sample_normal(*q_orientation)

        kl = (
            kl_uniform(q_shape)
            + kl_standard(*q_pos_x)
            + kl_standard(*q_pos_y)
            + kl_normal(*q_scale, *normal(self.p_scale(shape)))
            + kl_normal(*q_orientation, *normal(self.p_orientation(pos_x)))
        )

        logits = self.decode(shape, scale, orientation, pos_x, pos_y)
        loss = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        return -loss.flatten(1).sum(1) - kl

    def decode(
        self,
        shape: Tensor,
        scale: Tensor,
        orientation: Tensor,
        pos_x: Tensor,
        pos_y: Tensor,
    ) -> Tensor:
        """Logits of the pixels, `(B, 1, 64, 64)`, from values `(B, dim)`."""
        written4 = self.writer4(torch.cat([pos_x, pos_y, scale, shape], dim=1))
        written3 = self.writer3(orientation)
        state = self.up4(F.silu(self.constant + written4.view(-1, 64, GRID, GRID)))
        spread = F.interpolate(
            written3.view(-1, 64, GRID, GRID),
            scale_factor=2,
            mode="bilinear",
            align_corners=False,
        )
        state = self.up3(F.silu(state + spread))
        logits: Tensor = self.up1(F.silu(self.up2(F.silu(state))))
        return logits
