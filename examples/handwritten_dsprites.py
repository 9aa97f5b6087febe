"""The model of specs/dsprites.dag as one would write it by hand.

It has the towers, readout, heads, mechanisms and writer of the compiled model, so as
many parameters, and computes the same ELBO; `make bench` holds the compiled model
against it. What it lacks is the graph: every edge is spelled out below, in three
places, and adding a concept means editing all of them.
"""

from __future__ import annotations

from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

UNITS = 256  # of the layer between the features and the concepts
TEMPERATURE = 0.5  # of the relaxed shape


def down(inputs: int, outputs: int) -> nn.Sequential:
    """A stage that halves its map."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 4, stride=2, padding=1),
        nn.GroupNorm(8, outputs),
        nn.SiLU(),
    )


def up(inputs: int, outputs: int) -> nn.Sequential:
    """A stage that doubles its map."""
    layer = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)
    return nn.Sequential(nn.SiLU(), layer)


def mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    """Two layers."""
    layers = nn.Linear(inputs, hidden), nn.SiLU(), nn.Linear(hidden, outputs)
    return nn.Sequential(*layers)


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
        self.encoder = nn.Sequential(
            down(1, 32), down(32, 32), down(32, 64), down(64, 64)
        )
        self.readout = nn.Sequential(
            nn.Flatten(), nn.Linear(64 * 4 * 4, UNITS), nn.SiLU()
        )

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
        self.writer = mlp(8, UNITS, 64 * 4 * 4)
        self.decoder = nn.Sequential(up(64, 64), up(64, 32), up(32, 32), up(32, 1))

    def elbo(self, x: Tensor) -> Tensor:
        """ELBO of images `(B, 1, 64, 64)` at a sample of q(z | x), in nats, `(B,)`."""
        seen = self.readout(self.encoder(x))
        q_shape = self.q_shape(seen)
        q_pos_x = normal(self.q_pos_x(seen))
        q_pos_y = normal(self.q_pos_y(seen))
        shape = sample_one_hot(q_shape)
        pos_x, pos_y = sample_normal(*q_pos_x), sample_normal(*q_pos_y)
        q_scale = normal(self.q_scale(torch.cat([seen, shape], dim=1)))
        q_orientation = normal(self.q_orientation(torch.cat([seen, pos_x], dim=1)))
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
        values = torch.cat([orientation, pos_x, pos_y, scale, shape], dim=1)
        state = self.constant + self.writer(values).view(-1, 64, 4, 4)
        logits: Tensor = self.decoder(state)
        return logits
