"""What a model makes of many examples, each by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.distributions import Distribution, kl_divergence

from dagspec.nn.distributions.family import Parameters
from dagspec.nn.queries import ConceptVAE

_PART = 250  # examples that are looked at together
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Encoded:
    """N examples as a model sees them, in nats.

    Attributes:
        log_prob: log p(x | z) at one sample of z, `(N,)`.
        kl: KL(q_i, p_i) of each concept, `(N, units)`: a unit is a dimension, or all of
            a categorical.
        posterior: q(z_i | x) by concept, given the sampled values of what it is
            conditioned on beside x.
    """

    log_prob: Reals
    kl: Mapping[str, Reals]
    posterior: Mapping[str, Distribution]

    @property
    def elbo(self) -> Reals:
        """ELBO at one sample of z, `(N,)`."""
        total = np.zeros_like(self.log_prob)
        for own in self.kl.values():
            total += own.sum(1)
        return self.log_prob - total

    @property
    def means(self) -> Mapping[str, Reals]:
        """Mean of q(z_i | x) by concept, `(N, dim)`."""
        return {name: as_array(own.mean) for name, own in self.posterior.items()}


def encode(model: ConceptVAE, x: NDArray[np.float32], seed: int) -> Encoded:
    """Show a model examples `(N, *shape)`; the noise hangs on the seed alone."""
    log_prob: list[Tensor] = []
    q: list[list[Parameters]] = []
    kl: dict[str, list[Tensor]] = {name: [] for name in model.order}
    with torch.no_grad():
        for number, part in enumerate(parts(x)):
            out = model(part, model.noise(len(part), seed + number))
            log_prob.append(out.log_prob)
            q.append(list(out.q))
            for name, own in out.posterior.items():
                kl[name].append(_unit_kl(own, out.prior[name]))
    return Encoded(
        log_prob=as_array(torch.cat(log_prob)),
        kl={name: as_array(torch.cat(own)) for name, own in kl.items()},
        posterior=model.comparison.distributions(_joined(q), model.order),
    )


def parts(x: NDArray[np.float32]) -> Iterator[Tensor]:
    """Examples in parts that are looked at together."""
    return iter(torch.split(torch.from_numpy(x), _PART))


def as_array(value: Tensor) -> Reals:
    """A tensor as an array in double precision."""
    found: Reals = value.detach().double().cpu().numpy()
    return found


def _joined(rows: list[list[Parameters]]) -> list[Parameters]:
    """Parameters `(N, dim, B)` of each kind of concept, all parts together."""
    return [
        tuple(torch.cat(pieces, -1) for pieces in zip(*kind, strict=True))
        for kind in zip(*rows, strict=True)
    ]


def _unit_kl(q: Distribution, p: Distribution) -> Tensor:
    """KL `(B, units)`: of each dimension, or of a categorical as a whole."""
    one, other = (getattr(side, "base_dist", None) for side in (q, p))
    if isinstance(one, Distribution) and isinstance(other, Distribution):
        return kl_divergence(one, other)
    return kl_divergence(q, p)[:, None]
