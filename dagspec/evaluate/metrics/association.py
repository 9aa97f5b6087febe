"""How closely a concept goes with a factor, from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from dagspec.evaluate.metrics.learners import standardised
from dagspec.evaluate.metrics.types import Factor, Integers, Reals

Association = Callable[[Reals], float]


def association(code: Reals, factor: Factor, *, ranks: bool = False) -> Association:
    """How closely a concept's columns go with a factor, given weights of the examples.

    - a real factor and one column: |Pearson's correlation|
    - a real factor and several: the multiple correlation R, that of the factor and the
      best line through the columns
    - an angle: the same of its cosine and sine, R² the share of their variance that is
      explained; so a perfect concept needs two columns
    - a class: (balanced accuracy - 1/K)/(1 - 1/K), not below 0, of the nearest class
      mean in the columns (in Mahalanobis distance; Fisher 1936), K the classes seen

    Lines and means are fitted to one half of the examples and tried on the other, both
    ways, so that many columns are not rewarded for being many.

    Args:
        code: A concept's columns `(n, d)`.
        factor: Of the same examples, all its values known.
        ranks: Take ranks in place of columns and real values: Spearman's correlation.
            A class is told by values, not by ranks, which pull its means together.

    Returns:
        From how often each example counts `(n,)` to a number from 0 to 1.
    """
    if factor.kind == "class":
        classes = np.unique(factor.values, return_inverse=True)[1].astype(np.int64)
        return _accuracy(_nearest(code, classes) == classes, classes)
    targets = factor.targets()
    if ranks:
        code = _ranks(code)
    if ranks and factor.kind == "real":
        targets = _ranks(targets)
    if code.shape[1] == 1:
        fitted = np.repeat(code, targets.shape[1], axis=1)
    else:
        fitted = _crossed(code, targets)
    return lambda weights: float(np.sqrt(explained(fitted, targets, weights)))


def explained(fitted: Reals, targets: Reals, weights: Reals) -> float:
    """Share of the targets' variance that goes with what was fitted to them.

    Σ_t r_t² Var(y_t) / Σ_t Var(y_t), r_t the correlation of the t-th pair of columns.

    Args:
        fitted: `(n, t)`, on any scale.
        targets: `(n, t)`.
        weights: How often each example counts, `(n,)`.
    """
    share = weights / weights.sum()
    # Below this, a deviation is what rounding makes of a constant.
    tiny_f, tiny_t = ((1e-12 * abs(each).max(0)) ** 2 for each in (fitted, targets))
    fitted, targets = (each - share @ each for each in (fitted, targets))
    var_f, var_t = share @ fitted**2, share @ targets**2
    covariance = share @ (fitted * targets)
    varies = var_t > tiny_t
    both = (var_f > tiny_f) & varies
    if not both.any():
        return 0.0
    along = covariance[both] ** 2 / var_f[both]
    return float(min(1.0, along.sum() / var_t[varies].sum()))


def line(train: Reals, targets: Reals, test: Reals) -> Reals:
    """Least squares from train `(n, d)` to targets `(n, t)`, at test: `(m, t)`.

    Up to a constant, which no correlation feels: a mean that was fitted as well would
    let the halves of `association` correlate where the columns say nothing.
    """
    train = train - train.mean(axis=0)
    inverse = cast(Reals, np.linalg.pinv(train, rcond=1e-9))
    return test @ (inverse @ (targets - targets.mean(axis=0)))


def _crossed(code: Reals, targets: Reals) -> Reals:
    code = standardised(code, code)[0]
    fitted = np.empty_like(targets)
    for one, other in _halves(len(code)):
        fitted[other] = line(code[one], targets[one], code[other])
    return fitted


def _nearest(code: Reals, classes: Integers) -> Integers:
    code = standardised(code, code)[0]
    found = np.empty_like(classes)
    for one, other in _halves(len(code)):
        train, own = code[one], classes[one]
        seen = np.unique(own)
        means = np.stack([train[own == each].mean(axis=0) for each in seen])
        within = train - means[np.searchsorted(seen, own)]
        covariance = within.T @ within / len(train)
        # A one-hot code is exact: nothing varies within a class.
        ridge = 1e-6 * np.eye(code.shape[1])
        precision = cast(Reals, np.linalg.inv(covariance + ridge))
        away = code[other][:, None] - means
        distance = np.einsum("nkd,de,nke->nk", away, precision, away)
        found[other] = seen[distance.argmin(axis=1)]
    return found


def _accuracy(right: Reals, classes: Integers) -> Association:
    def weighted(weights: Reals) -> float:
        seen = np.bincount(classes, weights)
        recall = np.bincount(classes, weights * right)[seen > 0] / seen[seen > 0]
        if len(recall) < 2:
            return 0.0
        chance = 1 / len(recall)
        return max(0.0, float((recall.mean() - chance) / (1 - chance)))

    return weighted


def _halves(n: int) -> tuple[tuple[Integers, Integers], tuple[Integers, Integers]]:
    order = np.random.default_rng(n).permutation(n)
    one, other = order[: n // 2], order[n // 2 :]
    return (one, other), (other, one)


def _ranks(values: Reals) -> Reals:
    from scipy import stats

    ranks = cast(Any, stats).rankdata(values, axis=0)
    return np.asarray(ranks, dtype=np.float64)
