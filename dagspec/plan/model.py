"""The plan: what will be built, decided to the last number, as frozen plain data.

Everything after it (emission, pictures, tables) only reads it. All tuples of latents
inside a level or a stage are sorted by name, so that the plan's sense does not hang on
the order of declaration; `Plan.latents` alone keeps that order, for display.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from dagspec.geometry import Shape

LabelKind = Literal["real", "angle", "class", "binary"]


@dataclass(frozen=True)
class ObservedPlan:
    """The observed node and its likelihood; `sigma` is None where it is learned."""

    name: str
    family: str
    shape: Shape
    sigma: float | None


@dataclass(frozen=True)
class StagePlan:
    """One stage of the feature hierarchy.

    Attributes:
        number: 1 is nearest the observed node.
        shape: `(C, H, W)` of an image's features, `(D,)` of a vector's.
        grid: `(h, w)` that the map is pooled to for heads and writers; `()` for a
            vector.
        read: Concepts whose heads read this stage; in a coupled network, all of them
            read the deepest, by way of its layers.
        written: Concepts that are written into this stage on the way down.
    """

    number: int
    shape: Shape
    grid: Shape
    read: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True)
class FeaturesPlan:
    """Both towers: `stages` from the one nearest the observed node to the deepest."""

    stages: tuple[StagePlan, ...]
    block: str
    norm: str
    activation: str
    readout: int

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels or units of each stage."""
        return tuple(stage.shape[0] for stage in self.stages)


@dataclass(frozen=True)
class LatentPlan:
    """One concept.

    Attributes:
        name: Its name.
        family: Its family, `dim` its dimension.
        dim: Numbers in its vector.
        description: What the spec says of it.
        generation: Length of the longest path to it from a root.
        stage: Feature stage that it is read from and written to.
        parents: Its causes, sorted: what p(z_i | ·) is conditioned on.
        given: The concepts that q(z_i | ·) is conditioned on, sorted.
        reads: Number of the summary of x that its head reads: that of a stage or, in a
            coupled network, of a generation; None where q is not given x.
        feeds: Whether p(x | z) depends on it.
        parameters: Parameters of its own mechanism, head and writer columns.
    """

    name: str
    family: str
    dim: int
    description: str
    generation: int
    stage: int
    parents: tuple[str, ...]
    given: tuple[str, ...]
    reads: int | None
    feeds: bool
    parameters: int


@dataclass(frozen=True)
class LabelPlan:
    """The label of some concepts.

    Attributes:
        kind: What it is to the concept's family.
        dim: Numbers in the concept's vector, which for a class are the classes.
        names: The concepts that have such a label.
    """

    kind: LabelKind
    dim: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """Concepts whose parameters are stacked and computed in one batched product.

    Attributes:
        family: The family that all of them share, with `dim` and `temperature`.
        dim: Their dimension.
        temperature: Of the relaxation; None for a family without one.
        hidden: Widths of the hidden layers.
        rows: Name of each concept and the concepts whose values it is given, by name.
    """

    family: str
    dim: int
    temperature: float | None
    hidden: tuple[int, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The concepts of the level."""
        return tuple(name for name, _ in self.rows)


@dataclass(frozen=True)
class PriorLevel(Level):
    """p(z_i | parents) of one level; `standard` means fixed, without parameters."""

    generation: int
    standard: bool


@dataclass(frozen=True)
class PosteriorLevel(Level):
    """q(z_i | F_reads, given) of one level; `reads` as in `LatentPlan`."""

    reads: int | None


@dataclass(frozen=True)
class Plan:
    """A whole model.

    Attributes:
        name: The model's name.
        description: One line.
        observed: The observed node.
        features: The feature hierarchy.
        structure: What each posterior is conditioned on.
        combine: How a head and the prior make a posterior.
        latents: Concepts in the order declared.
        prior: Levels of the prior, parents before children.
        posterior: Levels of the posterior, what is given before what is conditioned on
            it.
        bottom_up: Width of each generation's layer in a coupled network, the leaves'
            first; empty for other structures.
        labels: Kinds of labels, and the concepts that are tied to each.
        seed: Decides the first weights.
        parameters: Count of parameters by part.
        text: The canonical text of the spec.
    """

    name: str
    description: str
    observed: ObservedPlan
    features: FeaturesPlan
    structure: str
    combine: str
    latents: tuple[LatentPlan, ...]
    prior: tuple[PriorLevel, ...]
    posterior: tuple[PosteriorLevel, ...]
    bottom_up: Mapping[int, int]
    labels: tuple[LabelPlan, ...]
    seed: int
    parameters: Mapping[str, int]
    text: str

    @cached_property
    def by_name(self) -> Mapping[str, LatentPlan]:
        """The concepts by name."""
        return {latent.name: latent for latent in self.latents}

    @property
    def depth(self) -> int:
        """Number of feature stages, K."""
        return len(self.features.stages)
