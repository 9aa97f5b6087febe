"""What is minimised: a sum of named terms, in nats per example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dagspec.nn.output import Output
from dagspec.nn.queries import ConceptVAE
from dagspec.objective.labels import LabelTerms
from dagspec.objective.schedule import Horizon, beta_at, capacity_at
from dagspec.objective.spectral import SpectralNorms, batch_norm_gains, largest_gains
from dagspec.spec import Spec

# Of the capacity's term, as in Burgess et al. 2018 (arXiv 1804.03599).
GAMMA = 1000.0


@dataclass(frozen=True)
class Loss:
    """The loss of one batch and what it is made of; all but `total` is detached.

    Attributes:
        total: Scalar, with gradient.
        elbo: Mean ELBO at beta 1 in nats.
        log_prob: Mean log p(x | z) in nats.
        names: The concepts, in the order of `kl`.
        kl: Mean KL of each concept in nats, without any weight, `(N,)`.
        beta: Weight of the KL at this step.
        terms: The weighted terms, which add up to `total`, by name.
        weighted_kl: What each concept adds to the term `kl`, `(N,)`; None under a
            capacity, where there is no such term.
    """

    total: Tensor
    elbo: Tensor
    log_prob: Tensor
    names: tuple[str, ...]
    kl: Tensor
    beta: float
    terms: Mapping[str, Tensor]
    weighted_kl: Tensor | None


def alone(vector: Tensor) -> Tensor:
    """The mean over one process: the vector itself."""
    return vector


class Objective(nn.Module):
    """The loss that a spec asks for.

    -c·E log p(x | z) + Σ_i w_i·beta(t)·max(lambda_i, KL_i) + labels + s·(Σ sigma_max(W)
    + Σ max|gamma|), where KL_i is the batch's mean, lambda_i are free bits (Kingma et
    al. 2016, arXiv 1606.04934), W the convolutions and gamma the gains of batch norms.
    Under a capacity, 1000·|Σ_i KL_i - C(t)| takes the place of the sum over i.

    Its state dict has the vectors of the power iteration and nothing else.

    Args:
        spec: What is asked for.
        model: What is trained; it stays outside this module.
        mean: Averages a vector over processes, with gradient. It is called on the KLs
            where what follows is not linear in them.

    Attributes:
        terms: Names of the terms of every loss, in order.
    """

    weights: Tensor
    free: Tensor

    def __init__(
        self,
        spec: Spec,
        model: ConceptVAE,
        *,
        mean: Callable[[Tensor], Tensor] = alone,
    ) -> None:
        super().__init__()
        self.asked = spec.objective
        self.mean = mean
        self.names = model.comparison.names
        latents = {latent.name: latent for latent in spec.latents}
        own = [latents[name] for name in self.names]
        bits = [each.free_bits for each in own]
        free = [self.asked.free_bits if each is None else each for each in bits]
        like = model.decoder.constant
        weights = like.new_tensor([latent.kl_weight for latent in own])
        self.register_buffer("weights", weights, persistent=False)
        self.register_buffer("free", like.new_tensor(free), persistent=False)
        self.has_free = any(free)
        self.labels = LabelTerms(spec, model) if model.labels.names else None
        self.spectral: SpectralNorms | None = None
        self._gains = list[nn.Parameter]()
        if self.asked.spectral:
            norms = SpectralNorms(model)
            self.spectral = norms if norms.groups else None
            self._gains = batch_norm_gains(model)

        self.terms = self._terms()

    def _terms(self) -> tuple[str, ...]:
        labels = () if self.labels is None else self.labels.names
        return (
            "reconstruction",
            "kl" if self.asked.capacity is None else "capacity",
            *(f"label.{name}" for name in labels),
            *(["spectral"] if self.spectral else []),
            *(["batch_norm"] if self._gains else []),
        )

    def forward(
        self,
        out: Output,
        factors: Mapping[str, Tensor],
        keys: Tensor,
        step: int,
        horizon: Horizon,
    ) -> Loss:
        """The loss of a batch.

        Args:
            out: What the model made of it.
            factors: A tensor `(B,)` a column; NaN, or -1 of a class, where missing.
            keys: What each example is known by, int64 `(B,)`.
            step: Number of the step, counted from 0.
            horizon: What percentages and epochs are of.
        """
        log_prob, kl = _wide(out.log_prob).mean(), _wide(out.divergences).mean(1)
        beta = beta_at(self.asked, step, horizon)
        weighted = self._weighted(kl, beta)
        parts = [-self.asked.likelihood_weight * log_prob[None]]
        parts.append(
            self._above_capacity(kl, step, horizon)
            if weighted is None
            else weighted.sum(0, keepdim=True)
        )
        if self.labels is not None:
            parts.append(self.labels(out.q, factors, keys))
        if self.spectral is not None:
            parts.append(self.asked.spectral * self.spectral()[None])
        if self._gains:
            parts.append(self.asked.spectral * largest_gains(self._gains)[None])
        values = torch.cat(parts)
        log_prob, kl = log_prob.detach(), kl.detach()
        return Loss(
            total=values.sum(),
            elbo=log_prob - kl.sum(),
            log_prob=log_prob,
            names=self.names,
            kl=kl,
            beta=beta,
            terms=dict(zip(self.terms, values.detach().unbind(), strict=True)),
            weighted_kl=None if weighted is None else weighted.detach(),
        )

    def _weighted(self, kl: Tensor, beta: float) -> Tensor | None:
        """w_i·beta·max(lambda_i, KL_i) of each concept."""
        if self.asked.capacity is not None:
            return None
        if self.has_free:
            kl = torch.maximum(self.free, self.mean(kl))
        return beta * self.weights * kl

    def _above_capacity(self, kl: Tensor, step: int, horizon: Horizon) -> Tensor:
        """gamma·|Σ KL_i - C(t)|, `(1,)`."""
        assert self.asked.capacity is not None
        target = capacity_at(self.asked.capacity, step, horizon)
        return GAMMA * (self.mean(kl).sum(0, keepdim=True) - target).abs()


def _wide(value: Tensor) -> Tensor:
    """At least 32 bits: means of half-precision numbers lose what training gains."""
    return value.to(torch.promote_types(value.dtype, torch.float32))
