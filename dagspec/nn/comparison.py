"""Posterior and prior side by side, whatever order their levels are computed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from dagspec.nn.distributions.family import ConceptFamily, Parameters
from dagspec.nn.heads import Heads
from dagspec.nn.mechanisms import Mechanisms


@dataclass(frozen=True)
class Kind:
    """All concepts of one family and dimension, in the order of the prior's levels.

    Attributes:
        family: The family.
        names: The concepts.
        prior: Numbers of the prior's levels that hold them.
        posterior: Numbers of the posterior's levels that hold them.
    """

    family: ConceptFamily
    names: tuple[str, ...]
    prior: tuple[int, ...]
    posterior: tuple[int, ...]


class Comparison(nn.Module):
    """KL(q_i, p_i) and log densities of all concepts, a few operations in all.

    Args:
        mechanisms: The priors.
        heads: The posteriors.
    """

    rows: Tensor
    values: Tensor

    def __init__(self, mechanisms: Mechanisms, heads: Heads) -> None:
        super().__init__()
        families = {_key(level.family): level.family for level in mechanisms.priors}
        self.kinds = [_kind(family, mechanisms, heads) for family in families.values()]
        self.names = tuple(name for kind in self.kinds for name in kind.names)
        rows: list[int] = []
        for kind in self.kinds:
            read = [n for i in kind.posterior for n in heads.posteriors[i].given]
            place = {name: row for row, name in enumerate(read)}
            rows.extend(place[name] for name in kind.names)
        values = mechanisms.layout.indices(self.names)
        self.register_buffer("rows", torch.tensor(rows), persistent=False)
        self.register_buffer("values", torch.tensor(values), persistent=False)

    def priors(self, levels: Sequence[Parameters]) -> list[Parameters]:
        """Parameters `(N, dim, B)` of each kind, from every prior level's."""
        return [_stack([levels[i] for i in kind.prior]) for kind in self.kinds]

    def posteriors(self, levels: Sequence[Parameters]) -> list[Parameters]:
        """Parameters `(N, dim, B)` of each kind, from every posterior level's."""
        counts = [len(kind.names) for kind in self.kinds]
        found: list[Parameters] = []
        parts = torch.split(self.rows, counts)
        for kind, rows in zip(self.kinds, parts, strict=True):
            stacked = _stack([levels[i] for i in kind.posterior])
            found.append(tuple(part.index_select(0, rows) for part in stacked))
        return found

    def kl(self, q: Sequence[Parameters], p: Sequence[Parameters]) -> Tensor:
        """KL of every concept in nats, `(N, B)`, row by row as `names` says."""
        pairs = zip(self.kinds, q, p, strict=True)
        return torch.cat([kind.family.kl(own, prior) for kind, own, prior in pairs])

    def log_prob(self, parameters: Sequence[Parameters], packed: Tensor) -> Tensor:
        """Log density of packed values `(rows, B)`, summed over concepts, `(B,)`."""
        sizes = [len(kind.names) * kind.family.dim for kind in self.kinds]
        values = torch.split(packed.index_select(0, self.values), sizes)
        terms = [
            kind.family.log_prob(
                own, value.view(-1, kind.family.dim, value.shape[1])
            ).sum(0)
            for kind, own, value in zip(self.kinds, parameters, values, strict=True)
        ]
        return torch.stack(terms).sum(0)

    def distributions(
        self, parameters: Sequence[Parameters], order: Sequence[str]
    ) -> dict[str, Distribution]:
        """Each concept's distribution over `(B, dim)`, by name, in the given order."""
        found: dict[str, Distribution] = {}
        for kind, parts in zip(self.kinds, parameters, strict=True):
            for row, name in enumerate(kind.names):
                own = tuple(part[row].T for part in parts)
                found[name] = kind.family.distribution(own)
        return {name: found[name] for name in order}


def _kind(family: ConceptFamily, mechanisms: Mechanisms, heads: Heads) -> Kind:
    key = _key(family)
    prior = [i for i, own in enumerate(mechanisms.priors) if _key(own.family) == key]
    posterior = [i for i, own in enumerate(heads.posteriors) if _key(own.family) == key]
    names = [name for i in prior for name in mechanisms.priors[i].parents]
    return Kind(family, tuple(names), tuple(prior), tuple(posterior))


def _key(family: ConceptFamily) -> tuple[type[ConceptFamily], int]:
    return type(family), family.dim


def _stack(levels: Sequence[Parameters]) -> Parameters:
    if len(levels) == 1:
        return levels[0]
    return tuple(torch.cat(parts) for parts in zip(*levels, strict=True))
