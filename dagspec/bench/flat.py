"""The plain VAE with the same towers: one latent of one width, and no graph."""

from __future__ import annotations

from copy import deepcopy
from math import prod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dagspec.nn.queries import ConceptVAE
from dagspec.nn.readouts import Readout
from dagspec.plan import Plan
from dagspec.spec.parameters import SUMMARY_UNITS


class FlatVAE(nn.Module):
    """N(0, I) behind the towers of a compiled model, read and written at the deepest.

    Args:
        model: Whose encoder, decoder and likelihood are copied.
        plan: The model's plan.
    """

    def __init__(self, model: ConceptVAE, plan: Plan) -> None:
        super().__init__()
        deepest = plan.features.stages[-1]
        self.number = deepest.number
        self.shape, self.grid = deepest.shape, deepest.grid
        self.width = sum(latent.dim for latent in plan.latents)
        self.encoder = deepcopy(model.encoder)
        self.decoder = deepcopy(model.decoder)
        self.observation = deepcopy(model.observation)
        activation = nn.ReLU if plan.features.activation == "relu" else nn.SiLU
        self.readout = Readout(self.shape, self.grid, SUMMARY_UNITS, activation)
        self.head = nn.Linear(SUMMARY_UNITS, 2 * self.width)
        self.writer = nn.Sequential(
            nn.Linear(self.width, SUMMARY_UNITS),
            activation(),
            nn.Linear(SUMMARY_UNITS, self.shape[0] * prod(self.grid)),
        )

    def elbo(self, x: Tensor) -> Tensor:
        """ELBO of `(B, *shape)` at one sample of q(z | x), in nats, `(B,)`."""
        summary = self.readout(self.encoder(x)[-1])
        mu, log_sigma = self.head(summary.T).chunk(2, dim=1)
        z = mu + log_sigma.exp() * torch.randn_like(mu)
        raw = self.decoder({self.number: self._write(z)}, x.shape[0])
        variance = torch.exp(2 * log_sigma)
        kl = 0.5 * (mu.square() + variance - 1 - 2 * log_sigma).sum(1)
        return self.observation.log_prob(raw, x) - kl

    def _write(self, z: Tensor) -> Tensor:
        out: Tensor = self.writer(z)
        if not self.grid:
            return out
        out = out.view(-1, self.shape[0], *self.grid)
        if self.grid == self.shape[1:]:
            return out
        return F.interpolate(out, self.shape[1:], mode="bilinear", align_corners=False)
