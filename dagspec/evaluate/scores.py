"""Codes and factors of examples, and every metric that compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dagspec.data import Batch, Column
from dagspec.diagnostic import nearest
from dagspec.evaluate.encoding import Encoded, Reals
from dagspec.evaluate.heatmap import concepts_of
from dagspec.evaluate.metrics import METRICS, Codes, Factor, Score
from dagspec.evaluate.opening import EvaluateError
from dagspec.evaluate.results import Metric
from dagspec.spec import Spec


@dataclass(frozen=True)
class Compared:
    """What metrics compare, of the same N examples.

    Attributes:
        codes: Posterior means, a column a unit.
        kl: KL of each unit from its prior.
        factors: The factors that can be scored.
        left_out: Why the others cannot, by name.
    """

    codes: Codes
    kl: Codes
    factors: tuple[Factor, ...]
    left_out: Mapping[str, str]


def compared(encoded: Encoded, batch: Batch, columns: Iterable[Column]) -> Compared:
    """Put examples as a model sees them beside what they are."""
    own, left_out = list[Factor](), dict[str, str]()
    for column in columns:
        factor = Factor(
            column.name,
            batch.factors[column.name],
            column.kind,
            column.classes,
            column.period,
        )
        if factor.fault is None:
            own.append(factor)
        else:
            left_out[column.name] = factor.fault
    return Compared(
        side_by_side(encoded.means), side_by_side(encoded.kl), tuple(own), left_out
    )


def side_by_side(values: Mapping[str, Reals]) -> Codes:
    """Values `(N, units)` of concepts as codes, in the order of the concepts."""
    names = [n for n, own in values.items() for _ in range(own.shape[1])]
    return Codes(np.concatenate(list(values.values()), 1), tuple(names))


def chosen_metrics(names: Sequence[str] | None) -> tuple[str, ...]:
    """The metrics of these names, each once; all of them for None.

    Raises:
        EvaluateError: One is unknown.
    """
    if names is None:
        return tuple(METRICS)
    for name in names:
        if name not in METRICS:
            meant = nearest(name, METRICS)
            known = f"there are {', '.join(METRICS)}"
            hint = f"did you mean `{meant}`?" if meant else known
            raise EvaluateError(f"there is no metric `{name}`; {hint}")
    return tuple(dict.fromkeys(names))


def score(
    spec: Spec,
    examples: Compared,
    samples: tuple[Codes, Codes] | None,
    names: Sequence[str],
    seed: int,
) -> tuple[dict[str, Metric], dict[str, str]]:
    """Compute metrics.

    Args:
        spec: Says which concept stands for which factor.
        examples: Codes and factors.
        samples: Of the model and of the known process; None if none is known.
        names: Which metrics.
        seed: Of what they draw.

    Returns:
        The scores by name, and of each that cannot be computed the reason.
    """
    given: dict[str, object] = {"codes": examples.codes, "kl": examples.kl}
    if examples.factors:
        given |= {"factors": examples.factors, "pairs": _pairs(spec, examples.factors)}
    if samples is not None:
        given |= {"sample": samples[0], "reference": samples[1]}
    found: dict[str, Metric] = {}
    left_out: dict[str, str] = {}
    for name in names:
        metric = METRICS[name]
        lacking = [need for need in metric.needs if need not in given]
        if lacking:
            left_out[name] = _WHY[lacking[0]]
            continue
        arguments = {need: given[need] for need in metric.needs}
        try:
            found[name] = _plain(metric.function(**arguments, seed=seed))
        except ValueError as error:  # what it needs beyond that, in its own words
            left_out[name] = str(error)
    return found, left_out


_WHY = {
    "factors": "the data has no factors that can be compared",
    "pairs": "the data has no factors that can be compared",
    "sample": "no process is known whose variables the concepts stand for",
}


def _pairs(spec: Spec, factors: Iterable[Factor]) -> dict[str, str]:
    """The factor of each concept that stands for exactly one."""
    found: dict[str, list[str]] = {}
    for factor in factors:
        for concept in concepts_of(spec, factor.name):
            found.setdefault(concept, []).append(factor.name)
    return {concept: own[0] for concept, own in found.items() if len(own) == 1}


def _plain(score: Score) -> Metric:
    return Metric(
        value=score.value,
        low=score.low,
        high=score.high,
        parts=score.parts,
        intervals=score.intervals,
    )
