"""What people ask of a compiled model: rungs one and two of the ladder of causation."""

from __future__ import annotations

import inspect
import reprlib
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.distributions import Distribution

from dagspec.nn.base import Core, Noise
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.distributions.family import ConceptFamily
from dagspec.nn.initialise import seeded
from dagspec.nn.output import Sample

Latents = Mapping[str, Tensor]
Setting = float | Sequence[float] | Tensor
Units = Literal["latent", "label"]


class ConceptVAE(Core):
    """A model of named concepts: `latents` is always a dict from name to `(B, dim)`.

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
        changing one concept changes no other's noise.

        Args:
            n: Number of examples.
            seed: Any whole number.

        Returns:
            Tensors `(n, dim)`, and `(n, *shape)` for the observed node, by name.
        """
        like = self.decoder.constant
        exact = torch.empty(0, dtype=torch.float64)
        drawn: dict[str, Tensor] = {}
        for name, family in self._families().items():
            generator = seeded(seed, name)
            drawn[name] = family.noise((n, family.dim), exact, generator).to(like)
        pixels = self.observation.noise(n, exact, seeded(seed, self.observed))
        return {**drawn, self.observed: pixels.to(like)}

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
        packed, _ = self._infer(x, noise)
        return self.mechanisms.layout.unpack(packed, self.order)

    def decode(self, latents: Latents) -> Tensor:
        """Mean of p(x | z), `(B, *shape)`."""
        return self.observation.mean(self._raw(latents))

    def reconstruct(self, x: Tensor, noise: Noise | None = None) -> Tensor:
        """Mean of p(x | z) at a sample of q(z | x), `(B, *shape)`."""
        packed, _ = self._infer(x, noise)
        return self.observation.mean(self._decode(packed))

    def elbo(self, x: Tensor, noise: Noise | None = None) -> Tensor:
        """ELBO: log p(x | z) - Σ KL_i at one sample of z, beta 1, in nats, `(B,)`."""
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

    def sample(
        self,
        n: int,
        do: Mapping[str, Setting] | None = None,
        noise: Noise | None = None,
        seed: int | None = None,
        draw: bool = False,
        units: Units = "latent",
    ) -> Sample:
        """Samples of the model, or of the model under an intervention.

        Args:
            n: Number of samples.
            do: Concepts to set: a number, a class index, `[dim]` or `(n, dim)` each.
                The edges into them are cut; what they cause follows.
            noise: Exogenous noise by name.
            seed: Seed of the noise, where none is given.
            draw: Whether x is drawn from p(x | z) instead of its mean.
            units: Whether values of `do` are the concepts' own or those of their
                labels: real numbers in the data's units, a class index, an angle. The
                sample that is given back is in the concepts' own units.

        Raises:
            ValueError: A concept is unknown or takes no such value, or `units` asks for
                the label of a concept that has none.
        """
        if n < 1:
            raise ValueError(f"n must be at least 1, not {n}")
        if noise is None and seed is not None:
            noise = self.noise(n, seed)
        like = self.decoder.constant.new_empty(n, 0)
        settings = (do or {}).items()
        fixed = {name: self._value(name, v, n, units).T for name, v in settings}
        drawn = self._noise(self.mechanisms.priors, noise, like)
        if drawn[0].shape[-1] != n:
            raise ValueError(f"the noise is for {drawn[0].shape[-1]} samples, not {n}")
        packed, _ = self.mechanisms.sample(drawn, fixed)
        raw = self._decode(packed)
        latents = self.mechanisms.layout.unpack(packed, self.order)
        if not draw:
            return Sample(latents, self.observation.mean(raw))
        pixels = (
            self.observation.noise(n, raw) if noise is None else noise[self.observed]
        )
        return Sample(latents, self.observation.sample(raw, pixels))

    def traverse(
        self,
        x: Tensor,
        name: str,
        values: Sequence[Setting],
        noise: Noise | None = None,
        units: Units = "latent",
    ) -> Sample:
        """What x would look like with one concept set and everything else held.

        This is not an intervention: what the concept causes does not follow it.

        Args:
            x: Observations `(B, *shape)`.
            name: The concept to set.
            values: V values for it.
            noise: Exogenous noise by name.
            units: Whether the values are the concept's own or those of its label.

        Returns:
            B·V samples, the values of the first observation first.

        Raises:
            ValueError: The concept is unknown or takes no such value, or `units` asks
                for a label that it does not have.
        """
        settings = [self._value(name, value, 1, units) for value in values]
        if not settings:
            raise ValueError(f"no value was given for '{name}'")
        encoded = self.encode(x, noise)
        held = {n: v.repeat_interleave(len(settings), 0) for n, v in encoded.items()}
        held[name] = torch.cat(settings).repeat(x.shape[0], 1)
        return Sample(held, self.decode(held))

    def _raw(self, latents: Latents) -> Tensor:
        return self._decode(self.mechanisms.layout.pack(latents))

    def _families(self) -> dict[str, ConceptFamily]:
        found = {n: kind.family for kind in self.comparison.kinds for n in kind.names}
        return {name: found[name] for name in self.order}

    def _value(self, name: str, setting: Setting, n: int, units: Units) -> Tensor:
        """A concept's value `(n, dim)` as it was given in one of its forms."""
        families = self._families()
        if name not in families:
            raise ValueError(f"no concept '{name}'; there are {', '.join(self.order)}")
        if units not in {"latent", "label"}:
            raise ValueError(f"units are 'latent' or 'label', not {units!r}")
        family, like = families[name], self.decoder.constant
        try:
            value = torch.as_tensor(setting, dtype=like.dtype, device=like.device)
        except (TypeError, ValueError, RuntimeError, OverflowError) as error:
            given = reprlib.repr(setting)
            raise ValueError(f"'{name}' takes numbers, not {given}") from error
        if units == "label":
            width = self.labels.kind(name).width
            rows = _rows(f"the label of '{name}'", value, n, width)
            return self.labels.to_latent(name, rows)
        if value.ndim == 0 and isinstance(family, Categorical):
            value = family.one_hot(name, value)
        rows = _rows(f"'{name}'", value, n, family.dim)
        family.check(name, rows)
        return rows


def _rows(what: str, value: Tensor, n: int, width: int) -> Tensor:
    """A number, `[width]` or `(n, width)` as `(n, width)`."""
    if value.ndim == 0 and width == 1:
        value = value.reshape(1)
    if tuple(value.shape) not in {(width,), (n, width)}:
        raise ValueError(
            f"{what} takes [{width}] or [{n}, {width}] numbers, "
            f"not the shape {list(value.shape)}"
        )
    return value.expand(n, width)
