"""Rung one of the ladder of causation: queries that set nothing."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor
from torch.distributions import Distribution

from dagspec.nn.abduction import abduction_key
from dagspec.nn.base import Core, Noise
from dagspec.nn.distributions.family import ConceptFamily
from dagspec.nn.initialise import seeded

Latents = Mapping[str, Tensor]


class Associations(Core):
    """What the model says of what is seen, and of values that are given to it.

    `noise`, where a query takes it, is what `noise()` gives; with it every query is
    reproducible, without it torch's own generator is used.
    """

    @property
    def spec(self) -> object:
        """What it was built from: a spec, or in a file of its own the spec's text."""
        return sys.modules[type(self).__module__].__dict__["SPEC"]

    @property
    def source(self) -> str:
        """The text that the model runs."""
        return inspect.getsource(sys.modules[type(self).__module__])

    def noise(self, n: int, seed: int = 0) -> dict[str, Tensor]:
        """Exogenous noise of every concept and of the observed node.

        Each is drawn from a generator of its own, seeded by (seed, name), so that
        changing one concept changes no other's noise. What a counterfactual draws again
        for a class, a zero or a one has the name `NAME/abduction`.

        Args:
            n: Number of examples.
            seed: Any whole number.

        Returns:
            Tensors `(n, dim)`, and `(n, *shape)` for the observed node, by name.
        """
        like = self.decoder.constant
        exact = torch.empty(0, dtype=torch.float64)
        families = self._families()
        again = {abduction_key(n): f for n, f in families.items() if f.redraws}

        def draw(keys: Mapping[str, ConceptFamily]) -> dict[str, Tensor]:
            return {
                key: family.noise((n, family.dim), exact, seeded(seed, key)).to(like)
                for key, family in keys.items()
            }

        pixels = self.observation.noise(n, exact, seeded(seed, self.observed))
        return {**draw(families), self.observed: pixels.to(like), **draw(again)}

    def prior(self, latents: Latents) -> dict[str, Distribution]:
        """p(z_i | the values of its parents in `latents`), by name."""
        levels = self.mechanisms(self.mechanisms.layout.pack(latents))
        return self.comparison.distributions(self.comparison.priors(levels), self.order)

    def posterior(
        self, x: Tensor, latents: Latents | None = None
    ) -> dict[str, Distribution]:
        """q(z_i | x and, where the structure asks for them, `latents`), by name.

        Args:
            x: Observations `(B, *shape)`.
            latents: Values of the concepts; sampled from q itself if None.
        """
        if latents is None:
            _, levels = self._infer(x, None)
        else:
            packed, summaries = self.heads.layout.pack(latents), self._summaries(x)
            levels = [
                self.heads.level(number, summaries, packed, self.mechanisms)
                for number in range(len(self.heads.posteriors))
            ]
        found = self.comparison.posteriors(levels)
        return self.comparison.distributions(found, self.order)

    def likelihood(self, latents: Latents) -> Distribution:
        """p(x | z) at the given values."""
        return self.observation.distribution(self._raw(latents))

    def encode(self, x: Tensor, noise: Noise | None = None) -> dict[str, Tensor]:
        """A sample of q(z | x), by name."""
        self._check_given(x, noise)
        packed, _ = self._infer(x, noise)
        return self.mechanisms.layout.unpack(packed, self.order)

    def decode(self, latents: Latents) -> Tensor:
        """Mean of p(x | z), `(B, *shape)`."""
        return self.observation.mean(self._raw(latents))

    def reconstruct(self, x: Tensor, noise: Noise | None = None) -> Tensor:
        """Mean of p(x | z) at a sample of q(z | x), `(B, *shape)`."""
        self._check_given(x, noise)
        packed, _ = self._infer(x, noise)
        return self.observation.mean(self._decode(packed))

    def elbo(self, x: Tensor, noise: Noise | None = None) -> Tensor:
        """ELBO: log p(x | z) - Σ KL_i at one sample of z, beta 1, in nats, `(B,)`."""
        self._check_given(x, noise)
        return self(x, noise).elbo

    @torch.no_grad()
    def log_likelihood(self, x: Tensor, samples: int = 100) -> Tensor:
        """Importance-weighted lower bound of log p(x) in nats, `(B,)`.

        log 1/K Σ_k p(x, z_k)/q(z_k | x) (Burda et al. 2016, arXiv 1509.00519).

        Args:
            x: Observations `(B, *shape)`.
            samples: K, the number of samples of each z.
        """
        if samples < 1:
            raise ValueError(f"samples must be at least 1, not {samples}")
        summaries = self._summaries(x)
        weights: list[Tensor] = []
        for _ in range(samples):
            drawn = self._noise(self.heads.posteriors, None, x)
            own, q = self.heads.sample(summaries, drawn, self.mechanisms)
            packed = own.index_select(0, self.from_posterior)
            p = self.comparison.priors(self.mechanisms(packed))
            log_q = self.comparison.log_prob(self.comparison.posteriors(q), packed)
            log_p = self.comparison.log_prob(p, packed)
            log_x = self.observation.log_prob(self._decode(packed), x)
            weights.append(log_x + log_p - log_q)
        return torch.logsumexp(torch.stack(weights), 0) - torch.tensor(samples).log()

    def _raw(self, latents: Latents) -> Tensor:
        return self._decode(self.mechanisms.layout.pack(latents))

    def _check_given(
        self, x: Tensor, noise: Noise | None, more: Iterable[str] = ()
    ) -> None:
        """See that x is an observation, and that the noise is for as many examples."""
        self._check(x)
        self._check_noise(noise, x.shape[0], more)

    def _check_noise(
        self, noise: Noise | None, n: int, more: Iterable[str] = ()
    ) -> None:
        """See that there is noise of `n` examples for every concept, and `more`.

        Raises:
            ValueError: Some is missing, or it is for another number of examples.
        """
        if noise is None:
            return
        for name in (*self.order, *more):
            if name not in noise:
                raise ValueError(
                    f"the noise has nothing for '{name}'; all of it comes from "
                    f"noise({n}, seed)"
                )
            if len(noise[name]) != n:
                raise ValueError(
                    f"the noise is for {len(noise[name])} samples, not {n}"
                )

    def _families(self) -> dict[str, ConceptFamily]:
        found = {n: kind.family for kind in self.comparison.kinds for n in kind.names}
        return {name: found[name] for name in self.order}
