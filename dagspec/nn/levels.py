"""What a level of concepts is, before it has any parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dagspec.nn.distributions.family import ConceptFamily

Inputs = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Prior:
    """p(z_i | parents) of concepts that are computed together.

    Attributes:
        family: The family that they share.
        parents: Each concept's name and the names of its parents.
        hidden: Hidden layers of the mechanism; None for a fixed standard prior.
    """

    family: ConceptFamily
    parents: Inputs
    hidden: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Posterior:
    """q(z_i | F_reads, given) of concepts that are computed together.

    Attributes:
        family: The family that they share.
        given: Each concept's name and the names of the concepts that it is given.
        reads: Number of the summary of x that they read: that of a feature stage or,
            in a coupled network, of a generation; None where they are not given x.
        hidden: Hidden layers of each head; in a coupled network, between its parents
            and what they add.
    """

    family: ConceptFamily
    given: Inputs
    reads: int | None
    hidden: tuple[int, ...]


def dims(levels: Iterable[Prior | Posterior]) -> list[tuple[str, int]]:
    """Name and dimension of every concept, in the order of the levels."""
    return [
        (name, level.family.dim)
        for level in levels
        for name in (level.parents if isinstance(level, Prior) else level.given)
    ]
