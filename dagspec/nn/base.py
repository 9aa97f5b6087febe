"""A variational autoencoder whose concepts stand beside its feature hierarchy.

What all compiled models have in common: inference, generation and the ELBO, on packed
latents. The queries that people call are in `association` and `queries`; a compiled
model adds nothing but its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dagspec.nn.comparison import Comparison
from dagspec.nn.coupled import Coupled
from dagspec.nn.distributions.family import Parameters
from dagspec.nn.features import Decoder, Encoder
from dagspec.nn.heads import Heads
from dagspec.nn.initialise import initialise
from dagspec.nn.labels import Labels
from dagspec.nn.levels import Posterior, Prior
from dagspec.nn.likelihoods.likelihood import Likelihood
from dagspec.nn.mechanisms import Mechanisms
from dagspec.nn.output import Output
from dagspec.nn.readouts import Readouts

Noise = Mapping[str, Tensor]


@dataclass(frozen=True)
class Part:
    """Fresh noise of examples that are a part of a larger batch.

    It is drawn for the whole batch, from torch's generator, so that processes that
    share a batch have together the noise that one process would have had.

    Attributes:
        first: Place of the first own example in the batch.
        total: Examples in the batch.
    """

    first: int
    total: int


class Core(nn.Module):
    """p(x, z) = p(x | z)·Π p(z_i | parents), q(z | x) = Π q(z_i | F_s(i)(x), given).

    Args:
        observed: Name of the observed node.
        order: Names of the concepts in the order in which they are shown.
        encoder: Features F_1 … F_K, bottom-up.
        decoder: Features G_K … G_1, top-down, and the parameters of p(x | z).
        observation: The likelihood.
        mechanisms: p(z_i | parents).
        heads: q(z_i | F, given).
        readouts: What reads each stage for its heads, by number; or the layers of a
            coupled network.
        writers: What writes concepts into each stage, by number.
        seed: Decides the first weights.
        labels: The concepts that are tied to a label.
    """

    from_posterior: Tensor

    def __init__(
        self,
        *,
        observed: str,
        order: Sequence[str],
        encoder: Encoder,
        decoder: Decoder,
        observation: Likelihood,
        mechanisms: Mechanisms,
        heads: Heads,
        readouts: Mapping[int, nn.Module] | Coupled,
        writers: Mapping[int, nn.Module],
        seed: int,
        labels: Labels | None = None,
    ) -> None:
        super().__init__()
        self.observed = observed
        self.order = tuple(order)
        self.encoder = encoder
        self.decoder = decoder
        self.observation = observation
        self.mechanisms = mechanisms
        self.heads = heads
        self.readouts = (
            readouts if isinstance(readouts, Coupled) else Readouts(readouts)
        )
        self.writers = nn.ModuleDict({str(s): part for s, part in writers.items()})
        self.comparison = Comparison(mechanisms, heads)
        rows = [0, *heads.layout.indices(mechanisms.layout.slices)]
        self.same_layout = rows == list(range(len(rows)))
        self.register_buffer("from_posterior", torch.tensor(rows), persistent=False)
        initialise(self, seed)
        # Scales are not weights: they are never drawn.
        self.labels = Labels({}) if labels is None else labels

    def forward(self, x: Tensor, noise: Noise | Part | None = None) -> Output:
        """One sample of q(z | x), and everything that the ELBO is made of.

        Args:
            x: Observations `(B, *shape)`.
            noise: Exogenous noise by name; fresh from torch's generator if None, and
                likewise for a part of a batch.
        """
        packed, posterior = self._infer(x, noise)
        prior = self.mechanisms(packed)
        raw = self._decode(packed)
        q, p = self.comparison.posteriors(posterior), self.comparison.priors(prior)
        return Output(
            log_prob=self.observation.log_prob(raw, x),
            divergences=self.comparison.kl(q, p),
            packed=packed,
            raw=raw,
            q=q,
            p=p,
            order=self.order,
            comparison=self.comparison,
            observation=self.observation,
            layout=self.mechanisms.layout,
        )

    def _summaries(self, x: Tensor) -> dict[int, Tensor]:
        """Summaries `(units, B)` of x by number, as the heads read them."""
        self._check(x)
        summaries: dict[int, Tensor] = self.readouts(self.encoder(x))
        return summaries

    def _infer(
        self, x: Tensor, noise: Noise | Part | None
    ) -> tuple[Tensor, list[Parameters]]:
        """A packed sample of q(z | x) in the prior's layout, and q's parameters."""
        summaries = self._summaries(x)
        drawn = self._noise(self.heads.posteriors, noise, x)
        packed, q = self.heads.sample(summaries, drawn, self.mechanisms)
        if not self.same_layout:
            packed = packed.index_select(0, self.from_posterior)
        return packed, q

    def _decode(self, packed: Tensor) -> Tensor:
        """What the likelihood is made of, `(B, *outputs)`, from packed latents."""
        written = {int(s): write(packed) for s, write in self.writers.items()}
        raw: Tensor = self.decoder(written, packed.shape[1])
        # A sum over pixels keeps the precision that autocast takes from layers.
        return raw.to(packed.dtype)

    def _noise(
        self,
        levels: Sequence[Prior] | Sequence[Posterior],
        noise: Noise | Part | None,
        like: Tensor,
    ) -> list[Tensor]:
        """Noise of every level, `(L, dim, B)`; B is that of `like` or of the noise."""
        count = like.shape[0]
        part = Part(0, count) if noise is None else noise
        drawn: list[Tensor] = []
        for level in levels:
            names = level.parents if isinstance(level, Prior) else level.given
            if isinstance(part, Part):
                shape = (len(names), level.family.dim, part.total)
                whole = level.family.noise(shape, like)
                drawn.append(whole.narrow(2, part.first, count))
            else:
                drawn.append(torch.stack([part[name].T for name in names]))
        return drawn

    def _check(self, x: Tensor) -> None:
        dtype = self.decoder.constant.dtype
        if x.dtype != dtype:
            raise TypeError(
                f"{self.observed} must be {dtype} like the model, not {x.dtype}"
            )
        expected = tuple(self.observation.shape)
        if tuple(x.shape[1:]) != expected:
            wanted = ", ".join(map(str, expected))
            raise ValueError(
                f"{self.observed} has the shape (B, {wanted}), not {tuple(x.shape)}"
            )
