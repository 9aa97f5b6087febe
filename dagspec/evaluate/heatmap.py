"""Which concept lands in which unit: every unit beside every factor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dagspec.evaluate.metrics.association import association
from dagspec.evaluate.metrics.types import Codes, Factor
from dagspec.evaluate.results import Heatmap
from dagspec.spec import Spec

_MOST = 10_000  # examples that a strength is computed from


def heatmap(spec: Spec, codes: Codes, factors: Sequence[Factor]) -> Heatmap:
    """How closely every unit goes with every factor, from 0 to 1.

    Of a real factor |Pearson's correlation|, of an angle the multiple correlation with
    its cosine and sine, of a class how much better than chance the nearest class mean
    of the unit tells it; see `association`.

    Args:
        spec: Says which concept stands for which factor: by label, else by name.
        codes: Posterior means `(N, units)`.
        factors: Of the same examples; some value known, and not all the same.
    """
    units = codes.by_column()
    rows: list[tuple[float, ...]] = []
    for factor in factors:
        known = np.flatnonzero(factor.known)[:_MOST]
        own, seen = factor.take(known), units.take(known)
        ones = np.ones(len(known))
        strengths = (
            association(seen.values[:, [column]], own)(ones)
            for column in range(len(units.names))
        )
        rows.append(tuple(strengths))
    return Heatmap(
        units=units.names,
        factors=tuple(factor.name for factor in factors),
        strength=tuple(rows),
        own={factor.name: _own(spec, codes, factor) for factor in factors},
    )


def _own(spec: Spec, codes: Codes, factor: Factor) -> tuple[str, ...]:
    """Units of the concepts that stand for a factor."""
    names = set(concepts_of(spec, factor.name))
    units = codes.by_column().names
    pairs: Iterable[tuple[str, str]] = zip(codes.names, units, strict=True)
    return tuple(unit for concept, unit in pairs if concept in names)


def concepts_of(spec: Spec, factor: str) -> tuple[str, ...]:
    """The concepts that stand for a factor: by label, or without labels by name."""
    return tuple(
        latent.name
        for latent in spec.latents
        if factor in (latent.label or (latent.name,))
    )
