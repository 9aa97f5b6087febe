"""What a forward pass gives, and what sampling gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from torch import Tensor
from torch.distributions import Distribution

from dagspec.nn.comparison import Comparison
from dagspec.nn.distributions.family import Parameters
from dagspec.nn.likelihoods.likelihood import Likelihood
from dagspec.nn.packing import Layout


@dataclass(frozen=True)
class Sample:
    """Values of the concepts and what they look like.

    Attributes:
        latents: Values `(B, dim)` by name.
        x: Mean of p(x | z), or a draw from it, `(B, *shape)`.
    """

    latents: dict[str, Tensor]
    x: Tensor


@dataclass(frozen=True)
class Output:
    """One pass through q(z | x), p(z) and p(x | z).

    What is a dictionary by name is made when it is first asked for: a training step
    over a thousand concepts needs none.

    Attributes:
        log_prob: log p(x | z) in nats, `(B,)`.
        divergences: KL(q_i, p_i) in nats, `(N, B)`; `kl` has them by name.
        packed: The sample of all concepts, `(rows, B)`.
        raw: What the decoder put out.
        q: Parameters of the posterior, by kind of concept.
        p: Parameters of the prior, by kind of concept.
        order: Names of the concepts in the order in which they are shown.
    """

    log_prob: Tensor
    divergences: Tensor
    packed: Tensor = field(repr=False)
    raw: Tensor = field(repr=False)
    q: Sequence[Parameters] = field(repr=False)
    p: Sequence[Parameters] = field(repr=False)
    order: Sequence[str] = field(repr=False)
    comparison: Comparison = field(repr=False)
    observation: Likelihood = field(repr=False)
    layout: Layout = field(repr=False)

    @cached_property
    def elbo(self) -> Tensor:
        """ELBO: log p(x | z) - Σ KL_i at one sample of z, in nats, `(B,)`."""
        return self.log_prob - self.divergences.sum(0)

    @cached_property
    def kl(self) -> dict[str, Tensor]:
        """KL(q_i, p_i) of each concept in nats, `(B,)`, by name."""
        rows = zip(self.comparison.names, self.divergences.unbind(0), strict=True)
        found = dict(rows)
        return {name: found[name] for name in self.order}

    @cached_property
    def latents(self) -> dict[str, Tensor]:
        """The sample of q(z | x), `(B, dim)`, by name."""
        return self.layout.unpack(self.packed, self.order)

    @cached_property
    def posterior(self) -> dict[str, Distribution]:
        """q(z_i | x, given), by name."""
        return self.comparison.distributions(self.q, self.order)

    @cached_property
    def prior(self) -> dict[str, Distribution]:
        """p(z_i | parents) at the sample, by name."""
        return self.comparison.distributions(self.p, self.order)

    @cached_property
    def likelihood(self) -> Distribution:
        """p(x | z)."""
        return self.observation.distribution(self.raw)

    @cached_property
    def reconstruction(self) -> Tensor:
        """Mean of p(x | z), `(B, *shape)`."""
        return self.observation.mean(self.raw)
