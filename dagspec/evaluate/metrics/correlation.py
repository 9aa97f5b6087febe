"""MCC and its diagonal: does each concept go with its factor?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from dagspec.evaluate.metrics.association import Association, association
from dagspec.evaluate.metrics.examples import drawn, require, sampled
from dagspec.evaluate.metrics.intervals import mean_of, scored
from dagspec.evaluate.metrics.types import Codes, Factor, Reals, Score


def associations(
    codes: Codes, factors: Sequence[Factor], *, ranks: bool = False, seed: int = 0
) -> Reals:
    """How closely each concept goes with each factor, `(concepts, factors)`, 0 to 1.

    For one column and a real factor that is |Pearson's correlation|, with `ranks`
    Spearman's; see `association` for classes, angles and concepts of several columns.

    Raises:
        ValueError: See `require`.
    """
    require(codes, factors)
    codes, factors = sampled(codes, factors, seed)
    pairs = _pairs(codes, factors, ranks)
    whole = np.ones(len(codes.values))
    return np.array([[each(whole) for each in row] for row in pairs])


def mcc(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """Mean correlation coefficient after matching (Hyvärinen & Morioka 2016).

    |Pearson's correlation| of concepts and factors (`associations`), each factor with a
    concept of its own by the matching with the greatest sum (Hungarian algorithm; Kuhn
    1955), the mean over factors; as iVAE has it (Khemakhem et al. 2020, arXiv
    1907.04809). A factor that is left without a concept counts 0. The matching is found
    once and kept for the interval.

    Correlated factors lift it: a concept that holds a cause goes with the effect, too.

    Args:
        codes: At most 10,000 of the examples are taken.
        factors: Each counts where it is known.
        seed: Of the examples taken and of the interval.

    Returns:
        The mean; parts by factor.

    Raises:
        ValueError: See `require`.
    """
    return _matched(codes, factors, seed, ranks=False)


def mcc_spearman(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """MCC of ranks, which asks for a monotonous relation only; see `mcc`.

    Ranks are those of all examples, in the interval's draws as well.
    """
    return _matched(codes, factors, seed, ranks=True)


def diagonal(
    codes: Codes,
    factors: Sequence[Factor],
    pairs: Mapping[str, str] | None = None,
    *,
    seed: int = 0,
) -> Score:
    """MCC without matching: each concept with the factor that it is named after.

    This is what a spec promises. Nothing is searched, so a model in which concepts have
    swapped places scores low where `mcc` scores high; see `associations`.

    Args:
        codes: At most 10,000 of the examples are taken.
        factors: Each counts where it is known.
        pairs: Factor of each concept; those of equal name if it is left out.
        seed: Of the examples taken and of the interval.

    Returns:
        The mean; parts by concept.

    Raises:
        ValueError: No concept has a factor, or a pair has a name that is none; and see
            `require`.
    """
    by_name = {factor.name: factor for factor in factors}
    if pairs is None:
        pairs = {name: name for name in codes.concepts if name in by_name}
    if not pairs:
        raise ValueError("no concept is named after a factor, so none can be compared")
    for concept, name in pairs.items():
        if concept not in codes.concepts or name not in by_name:
            raise ValueError(
                f"the pair `{concept}`, `{name}`: concepts are "
                f"{', '.join(codes.concepts)}; factors are {', '.join(by_name)}"
            )
    used = [by_name[name] for name in dict.fromkeys(pairs.values())]
    require(codes, used)
    codes, chosen = sampled(codes, used, seed)
    found = {factor.name: factor for factor in chosen}
    measures = {
        concept: _known(codes.of(concept), found[name], ranks=False)
        for concept, name in pairs.items()
    }
    return _scored(measures, len(codes.values), seed)


def _matched(
    codes: Codes, factors: Sequence[Factor], seed: int, *, ranks: bool
) -> Score:
    from scipy import optimize

    require(codes, factors)
    codes, factors = sampled(codes, factors, seed)
    pairs = _pairs(codes, factors, ranks)
    whole = np.ones(len(codes.values))
    matrix = np.array([[each(whole) for each in row] for row in pairs])
    match = cast(Any, optimize).linear_sum_assignment(matrix, maximize=True)
    concept_of = cast(
        "dict[int, int]", dict(zip(match[1].tolist(), match[0].tolist(), strict=True))
    )
    measures = {
        factor.name: pairs[concept_of[k]][k] if k in concept_of else _nothing
        for k, factor in enumerate(factors)
    }
    return _scored(measures, len(codes.values), seed)


def _scored(measures: Mapping[str, Association], n: int, seed: int) -> Score:
    def strengths(weights: Reals) -> tuple[float, Mapping[str, float]]:
        return mean_of({name: measure(weights) for name, measure in measures.items()})

    return scored(strengths, n, seed)


def _pairs(
    codes: Codes, factors: Sequence[Factor], ranks: bool
) -> list[list[Association]]:
    return [
        [_known(codes.of(concept), factor, ranks=ranks) for factor in factors]
        for concept in codes.concepts
    ]


def _known(code: Reals, factor: Factor, *, ranks: bool) -> Callable[[Reals], float]:
    """The association among the examples whose factor is known."""
    known = factor.known
    measure = association(code[known], factor.take(known), ranks=ranks)
    return lambda weights: measure(drawn(weights, known))


def _nothing(_: Reals) -> float:
    return 0.0
