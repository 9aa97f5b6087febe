"""The families that a spec may name. Adding one is adding a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dagspec.families.bernoulli import BERNOULLI
from dagspec.families.categorical import CATEGORICAL
from dagspec.families.facts import Combine, Family, LatentFacts, ObservedFacts
from dagspec.families.laplace import LAPLACE
from dagspec.families.normal import NORMAL

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "normal": NORMAL,
        "laplace": LAPLACE,
        "categorical": CATEGORICAL,
        "bernoulli": BERNOULLI,
    }
)

__all__ = [
    "FAMILIES",
    "Combine",
    "Family",
    "LatentFacts",
    "ObservedFacts",
    "head_outputs",
]


def head_outputs(family: str, dim: int) -> int:
    """Numbers that the head of a concept puts out."""
    facts = FAMILIES[family].latent
    assert facts is not None
    return len(facts.parameters) * dim
