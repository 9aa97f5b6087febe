"""Spec to plan: generations become levels, concepts find their stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dagspec.families import FAMILIES
from dagspec.graph import LatentGraph
from dagspec.plan.model import (
    FeaturesPlan,
    LabelKind,
    LabelPlan,
    LatentPlan,
    ObservedPlan,
    Plan,
    PosteriorLevel,
    PriorLevel,
    StagePlan,
)
from dagspec.spec import Latent, Spec, count_concept, count_parts, write_spec

GivenTable = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Place:
    """Where a concept stands, before it is grouped."""

    latent: Latent
    parents: tuple[str, ...]
    given: tuple[str, ...]
    reads: int | None
    generation: int
    stage: int
    columns: int

    @property
    def temperature(self) -> float | None:
        """Of the relaxation; None for a family without one."""
        facts = FAMILIES[self.latent.family].latent
        return self.latent.temperature if facts and facts.relaxed else None

    @property
    def mechanism(self) -> tuple[int, ...] | None:
        """Hidden layers of its mechanism; None for a fixed standard prior."""
        if self.parents:
            return self.latent.mechanism.hidden
        return () if self.latent.prior == "learned" else None

    @property
    def source(self) -> int:
        """Number of the summary that it reads, in an order with that of nothing."""
        return -1 if self.reads is None else self.reads

    def prior_key(self) -> tuple[object, ...]:
        """What concepts of one prior level have in common."""
        mechanism = (self.mechanism is not None, self.mechanism or ())
        return (self.generation, *self.kind(), *mechanism, _padded(self.columns))

    def kind(self) -> tuple[object, ...]:
        """What concepts of any level have in common."""
        return (self.latent.family, self.latent.dim, self.temperature or 0.0)


def _padded(columns: int) -> int:
    """What levels of so many inputs have in common.

    Inputs are padded to the widest of the level, so levels are split where that would
    more than double them.
    """
    return (columns - 1).bit_length() if columns else -1


def lower(spec: Spec) -> Plan:
    """The plan of a spec.

    Args:
        spec: A checked spec.

    Returns:
        Everything that emission, pictures and tables need.
    """
    places = {latent.name: _place(spec, latent) for latent in spec.latents}
    features = _features(spec)
    latents = tuple(_latent(spec, place, features) for place in places.values())
    prior, posterior = _levels(spec, places.values())
    return Plan(
        name=spec.name,
        description=spec.description,
        observed=_observed(spec),
        features=features,
        structure=spec.inference.structure,
        combine=spec.inference.combine,
        latents=latents,
        prior=prior,
        posterior=posterior,
        bottom_up=spec.bottom_up,
        labels=_labels(spec.latents),
        seed=spec.training.seed,
        parameters=count_parts(spec),
        text=write_spec(spec),
    )


def _place(spec: Spec, latent: Latent) -> _Place:
    dims = spec.dims
    parents = spec.graph.parents(latent.name)
    conditions = spec.posterior[latent.name]
    return _Place(
        latent=latent,
        parents=parents,
        given=conditions.given,
        reads=conditions.reads,
        generation=spec.graph.generations[latent.name],
        stage=spec.stages[latent.name],
        columns=sum(dims[parent] for parent in parents),
    )


def _observed(spec: Spec) -> ObservedPlan:
    node = spec.observed
    sigma = None if node.sigma == "learned" else node.sigma
    return ObservedPlan(node.name, node.family, node.shape, sigma)


def _features(spec: Spec) -> FeaturesPlan:
    names = sorted(latent.name for latent in spec.latents)
    feeding = frozenset(spec.feeding)
    stages: list[StagePlan] = []
    for number, shape in enumerate(spec.stage_shapes, start=1):
        here = tuple(name for name in names if spec.stages[name] == number)
        written = tuple(name for name in here if name in feeding)
        read = tuple(name for name in here if spec.posterior[name].reads is not None)
        if spec.bottom_up:
            read = tuple(names) if number == len(spec.stage_shapes) else ()
        grid = tuple(min(spec.features.readout, side) for side in shape[1:])
        stages.append(StagePlan(number, shape, grid, read, written))
    return FeaturesPlan(
        stages=tuple(stages),
        block=spec.features.block,
        norm=spec.norm,
        activation=spec.features.activation,
        readout=spec.features.readout,
    )


def _latent(spec: Spec, place: _Place, features: FeaturesPlan) -> LatentPlan:
    latent = place.latent
    feeds = latent.name in features.stages[place.stage - 1].written
    return LatentPlan(
        name=latent.name,
        family=latent.family,
        dim=latent.dim,
        description=latent.description,
        generation=place.generation,
        stage=place.stage,
        parents=place.parents,
        given=place.given,
        reads=place.reads,
        feeds=feeds,
        parameters=count_concept(spec, latent, feeds=feeds),
    )


def _labels(latents: Iterable[Latent]) -> tuple[LabelPlan, ...]:
    """The labelled concepts by kind of label, which the spec alone decides."""
    groups: dict[tuple[LabelKind, int], list[str]] = {}
    for latent in latents:
        if latent.label:
            groups.setdefault((_label_kind(latent), latent.dim), []).append(latent.name)
    return tuple(
        LabelPlan(*key, tuple(sorted(own))) for key, own in sorted(groups.items())
    )


def _label_kind(latent: Latent) -> LabelKind:
    if latent.family == "categorical":
        return "class"
    if latent.family == "bernoulli":
        return "binary"
    return "real" if len(latent.label) == latent.dim else "angle"


def _levels(
    spec: Spec, places: Iterable[_Place]
) -> tuple[tuple[PriorLevel, ...], tuple[PosteriorLevel, ...]]:
    """Levels of p and of q.

    Where q is conditioned on the parents, both have the same levels: then the prior of
    a level is known when its posterior is made, as `residual` and `precision` need it.
    Elsewhere q has an order of its own.
    """
    structure = spec.inference.structure
    if structure in {"top_down", "coupled"}:
        prior = _group(places, lambda place: (*place.prior_key(), -place.source))
        posterior = prior
    else:
        given = [(a, name) for name, q in spec.posterior.items() for a in q.given]
        order = LatentGraph(spec.dims, given).generations
        prior = _group(places, _Place.prior_key)
        posterior = _group(
            places,
            lambda place: (
                order[place.latent.name],
                -place.source,
                *place.kind(),
                _padded(sum(spec.dims[name] for name in place.given)),
            ),
        )
    return (
        tuple(_prior_level(level) for level in prior),
        tuple(_posterior_level(spec, level) for level in posterior),
    )


def _group(
    places: Iterable[_Place], key: Callable[[_Place], tuple[object, ...]]
) -> list[list[_Place]]:
    """Places with equal keys together, by name; groups in the order of their keys."""
    groups: dict[tuple[object, ...], list[_Place]] = {}
    for place in sorted(places, key=lambda place: place.latent.name):
        groups.setdefault(key(place), []).append(place)
    return [groups[found] for found in sorted(groups)]


def _prior_level(level: list[_Place]) -> PriorLevel:
    first = level[0]
    return PriorLevel(
        family=first.latent.family,
        dim=first.latent.dim,
        temperature=first.temperature,
        hidden=first.mechanism or (),
        rows=tuple((place.latent.name, place.parents) for place in level),
        generation=first.generation,
        standard=first.mechanism is None,
    )


def _posterior_level(spec: Spec, level: list[_Place]) -> PosteriorLevel:
    first = level[0]
    # In a coupled network there is nothing to compute but what parents add.
    computed = not spec.bottom_up or any(place.given for place in level)
    return PosteriorLevel(
        family=first.latent.family,
        dim=first.latent.dim,
        temperature=first.temperature,
        hidden=spec.inference.hidden if computed else (),
        rows=tuple((place.latent.name, place.given) for place in level),
        reads=first.reads,
    )
