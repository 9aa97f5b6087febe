"""DCI: disentanglement, completeness and informativeness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dagspec.evaluate.metrics.discrete import entropy
from dagspec.evaluate.metrics.examples import Parted, drawn, labelled, parted, require
from dagspec.evaluate.metrics.intervals import mean_of, scored
from dagspec.evaluate.metrics.learners import boosted
from dagspec.evaluate.metrics.types import Codes, Factor, Reals, Score


class Explained(NamedTuple):
    """What boosted trees made of the codes.

    Attributes:
        importances: R `(concepts, factors)`, each column adding up to 1, or to 0 if its
            trees learned nothing.
        informativeness: By factor; see `dci`.
    """

    importances: Reals
    informativeness: Score


def dci(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """Disentanglement, completeness, informativeness (Eastwood & Williams 2018).

    R_ij is the importance of concept i in gradient-boosted trees that predict factor j:
    the sum over the concept's columns of the mean decrease in impurity. Then, with H_K
    the entropy to base K, Σ_i R_i. and its like scaled to 1:

    - disentanglement D = Σ_i rho_i·(1 - H_K(R_i.)), rho_i the concept's share of R
    - completeness C = Σ_j rho_j·(1 - H_D(R_.j)), rho_j the factor's share of R
    - informativeness I = mean over factors of the test examples' accuracy (a class) or
      R², not below 0 (a real factor; an angle's by cosine and sine)

    The reference code (Locatello et al. 2019, arXiv 1811.12359) takes every factor as a
    class; here only a class is, since trees of a hundred classes forget their order.
    D and C are made of training examples, so only I has an interval. With correlated
    factors trees may split on either of two concepts that go together: D and C of a
    perfect model are below 1.

    Args:
        codes: 10,000 examples are trained on and 5,000 tested at most; two thirds and
            one third if there are fewer.
        factors: Each counts where it is known.
        seed: Of the two parts and of the interval.

    Returns:
        D, which the field reports as DCI; parts `disentanglement`, `completeness`,
        `informativeness`.

    Raises:
        ValueError: There are fewer than two concepts or factors; and see `require`.
    """
    return dci_score(explain(codes, factors, seed=seed))


def dci_score(explained: Explained) -> Score:
    """What `dci` gives, from trees that have been trained already."""
    importances, informativeness = explained
    value = disentanglement(importances)
    parts = {
        "disentanglement": value,
        "completeness": completeness(importances),
        "informativeness": informativeness.value,
    }
    low, high = informativeness.low, informativeness.high
    assert low is not None
    assert high is not None
    return Score(value, parts, intervals={"informativeness": (low, high)})


def disentanglement(importances: Reals) -> float:
    """D of importances `(concepts, factors)`; 0 where nothing matters."""
    total = importances.sum()
    if total <= 0:
        return 0.0
    purity = [_purity(row) for row in importances]
    return float(np.dot(importances.sum(axis=1) / total, purity))


def completeness(importances: Reals) -> float:
    """C of importances `(concepts, factors)`; 0 where nothing matters."""
    return disentanglement(importances.T)


def explain(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Explained:
    """Importances of concepts and the informativeness of each factor; see `dci`.

    Raises:
        ValueError: There are fewer than two concepts or factors; and see `require`.
    """
    require(codes, factors, concepts=2, least=2)
    parts = parted(len(codes.values), seed)
    columns: list[Reals] = []
    measures: dict[str, Callable[[Reals], float]] = {}
    for factor in factors:
        importance, measures[factor.name] = _predict(codes, factor, parts)
        columns.append(importance)

    def accuracies(weights: Reals) -> tuple[float, Mapping[str, float]]:
        return mean_of({name: measure(weights) for name, measure in measures.items()})

    return Explained(
        np.stack(columns, axis=1), scored(accuracies, len(parts.test), seed)
    )


def _predict(
    codes: Codes, factor: Factor, parts: Parted
) -> tuple[Reals, Callable[[Reals], float]]:
    (train, test), tested = labelled(factor, parts)
    targets, regress = factor.targets(), factor.kind != "class"
    learned = [
        boosted(codes.values[train], target[train], codes.values[test], regress=regress)
        for target in targets.T
    ]
    columns = np.mean([each.importances for each in learned], axis=0)
    found = np.stack([each.predictions for each in learned], axis=1)
    truth = targets[test]
    names = np.array(codes.names)
    importance = np.array([columns[names == name].sum() for name in codes.concepts])

    def measure(weights: Reals) -> float:
        share = drawn(weights, tested)
        share = share / share.sum()
        if not regress:
            return float(share @ (found == truth)[:, 0])
        variance = (share @ (truth - share @ truth) ** 2).sum()
        error = (share @ (truth - found) ** 2).sum()
        return max(0.0, float(1 - error / variance)) if variance > 0 else 0.0

    return importance, measure


def _purity(row: Reals) -> float:
    return 1 - entropy(row) / float(np.log(len(row))) if row.sum() > 0 else 0.0
