"""Which examples a metric looks at, and what must be so before it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dagspec.evaluate.metrics.types import Codes, Factor, Integers, Reals

LIMIT: Final = 10_000  # examples that a metric looks at, or is trained on, at most
TEST_LIMIT: Final = 5_000


class Parted(NamedTuple):
    """Rows to fit on and rows to test on; none is in both."""

    train: Integers
    test: Integers


def require(
    codes: Codes, factors: Sequence[Factor], *, concepts: int = 1, least: int = 1
) -> None:
    """Refuse what cannot be scored, by name.

    Args:
        codes: Of `N` examples.
        factors: Of the same examples.
        concepts: How many concepts there must be.
        least: How many factors there must be.

    Raises:
        ValueError: There are too few concepts or factors, two factors have one name,
            or a factor is of other examples, nearly unlabelled or constant.
    """
    if len(codes.concepts) < concepts:
        raise ValueError(f"{concepts} concepts are needed, not {len(codes.concepts)}")
    if len(factors) < least:
        raise ValueError(f"{least} factors are needed, not {len(factors)}")
    names = [factor.name for factor in factors]
    for factor in factors:
        if names.count(factor.name) > 1:
            raise ValueError(f"two factors are called `{factor.name}`")
        if len(factor.values) != len(codes.values):
            raise ValueError(
                f"the factor `{factor.name}` has {len(factor.values)} values for "
                f"{len(codes.values)} codes"
            )
        if factor.fault:
            raise ValueError(factor.fault)


def sampled(
    codes: Codes, factors: Sequence[Factor], seed: int
) -> tuple[Codes, tuple[Factor, ...]]:
    """At most 10,000 of the examples, drawn without replacement.

    Raises:
        ValueError: What was drawn of a factor is constant or nearly unlabelled.
    """
    if len(codes.values) <= LIMIT:
        return codes, tuple(factors)
    rows = _order(len(codes.values), seed)[:LIMIT]
    chosen = codes.take(rows), tuple(factor.take(rows) for factor in factors)
    require(*chosen)
    return chosen


def parted(n: int, seed: int) -> Parted:
    """Two thirds of `n` rows to fit on, 10,000 at most, half as many to test on."""
    order = _order(n, seed)[: LIMIT + TEST_LIMIT]
    cut = -(-2 * len(order) // 3)
    return Parted(np.sort(order[:cut]), np.sort(order[cut:]))


def labelled(factor: Factor, parts: Parted) -> tuple[Parted, NDArray[np.bool_]]:
    """Those rows of two parts in which a factor is known.

    Returns:
        The rows, and which of all test rows `(T,)` are among them.

    Raises:
        ValueError: Either part has none.
    """
    known = factor.known
    found = Parted(*(rows[known[rows]] for rows in parts))
    if not len(found.train) or not len(found.test):
        raise ValueError(
            f"the factor `{factor.name}` has a value in {len(found.train)} examples to "
            f"train on and {len(found.test)} to test on; label more of them"
        )
    return found, known[parts.test]


def drawn(weights: Reals, which: NDArray[np.bool_]) -> Reals:
    """Weights of some examples; all one, should a draw have none of them."""
    chosen = weights[which]
    return chosen if chosen.any() else np.ones_like(chosen)


def _order(n: int, seed: int) -> Integers:
    return np.random.default_rng([seed, n]).permutation(n)
