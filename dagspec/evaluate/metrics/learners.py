"""What scikit-learn fits for a metric, with fixed seeds and plain arrays."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, cast

import numpy as np

from dagspec.evaluate.metrics.types import Integers, Reals

_SHARED: Final = 5  # classes whose trees see all examples; see `boosted`


class Boosted(NamedTuple):
    """What boosted trees learned."""

    importances: Reals  # (D,), never negative; adds up to 1, or to 0 if nothing did
    predictions: Reals  # (M,) of the test examples


def boosted(train: Reals, target: Reals, test: Reals, *, regress: bool) -> Boosted:
    """Gradient-boosted trees, 100 of depth 3 (Friedman 2001), in scikit-learn's terms.

    Trees are grown for each class. Where there are more than five, each sees a random
    share 5/K of the examples (Friedman 2002), or 40 classes would take two minutes.

    Args:
        train: Codes `(N, D)`.
        target: Values or classes `(N,)`.
        test: Codes `(M, D)`.
        regress: Whether the target is a number, not a class.
    """
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    distinct = np.unique(target)
    if len(distinct) == 1:
        return Boosted(np.zeros(train.shape[1]), np.full(len(test), distinct[0]))
    if regress:
        model = cast(Any, GradientBoostingRegressor(random_state=0))
    else:
        share = min(1.0, _SHARED / len(distinct))
        model = cast(Any, GradientBoostingClassifier(random_state=0, subsample=share))
    model.fit(train, target)
    return Boosted(
        np.asarray(model.feature_importances_), np.asarray(model.predict(test))
    )


def separated(train: Reals, target: Integers, test: Reals) -> Integers:
    """Classes `(M,)` that a linear support vector machine gives test examples.

    C = 0.01 and balanced classes. Columns are brought to mean 0 and variance 1, so
    that the unit of a code decides nothing.

    Args:
        train: Codes `(N, D)`.
        target: Classes `(N,)`.
        test: Codes `(M, D)`.
    """
    from sklearn.svm import LinearSVC

    if (target == target[0]).all():
        return np.full(len(test), target[0])
    train, test = standardised(train, test)
    # The primal problem: the solver of the dual one draws random numbers.
    machine = cast(Any, LinearSVC)(C=0.01, class_weight="balanced", dual=False)
    return np.asarray(machine.fit(train, target).predict(test))


class Probabilities(NamedTuple):
    """p(class | code) of test examples."""

    classes: Integers  # (K,), those that the training examples have, ascending
    values: Reals  # (M, K)


def regressed(train: Reals, target: Integers, test: Reals) -> Probabilities:
    """Multinomial logistic regression, C = 1, on columns of mean 0 and variance 1.

    Args:
        train: Codes `(N, D)`.
        target: Classes `(N,)`.
        test: Codes `(M, D)`.
    """
    from sklearn.linear_model import LogisticRegression

    if (target == target[0]).all():
        return Probabilities(target[:1], np.ones((len(test), 1)))
    train, test = standardised(train, test)
    model = cast(Any, LogisticRegression(max_iter=10_000))
    model.fit(train, target)
    return Probabilities(
        np.asarray(model.classes_), np.asarray(model.predict_proba(test))
    )


def standardised(train: Reals, test: Reals) -> tuple[Reals, Reals]:
    """Both with the mean and the deviation of `train`; a constant column is zero."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    varies = deviation > 1e-9 * (1 + abs(mean))
    scale = np.where(varies, 1 / np.where(varies, deviation, 1), 0)
    return (train - mean) * scale, (test - mean) * scale
