"""Samples of a model under do() beside samples of the process under the same do()."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dagspec.evaluate.causal.bridge import Bridge
from dagspec.evaluate.causal.results import EdgeEffect, Intervention
from dagspec.evaluate.causal.scales import indicators
from dagspec.evaluate.causal.sides import Values
from dagspec.evaluate.metrics.samples import SAMPLES, mmd_score, mmd_value

_DRAWS = 20_000  # of the process, for its means


@dataclass(frozen=True)
class Asked:
    """One setting of one variable, and what both sides answer.

    Noise is the same for every setting, so that differences between settings are those
    of the settings.

    Attributes:
        variable: What is set, `value` what it is set to.
        learned: Variables of the model's samples, `(N,)` each.
        true: Variables of the process's draws, `(20_000,)` each.
        fresh: As many others as there are samples.
        support: Share of examples for which the variable may well have this value.
    """

    variable: str
    value: float
    learned: Values
    true: Values
    fresh: Values
    support: float


def ask(bridge: Bridge, variable: str, value: float, n: int, support: float) -> Asked:
    """Set one variable in the model and in the process.

    Args:
        bridge: The two.
        variable: The variable.
        value: Its value.
        n: Samples of the model.
        support: Share of examples for which the variable may well have this value.
    """
    do, seed = {variable: value}, bridge.seed
    learned = bridge.ask_model(do, n, seed)
    true = bridge.ask_process(do, _DRAWS, seed)
    fresh = bridge.ask_process(do, n, seed + 1)
    return Asked(variable, value, learned, true, fresh, support)


def intervention(bridge: Bridge, asked: Asked, n: int) -> Intervention:
    """How far the model's answer is from the process's.

    MMD, MeanE and StdE as in VACA (Sánchez-Martín et al. 2021, arXiv 2110.14690), on
    standardised variables; MMD over all variables but the one that is set, from `n`
    samples of each side, at most 1,000.
    """
    model, process, other = (
        bridge.columns(asked.variable, side)[: min(n, SAMPLES)]
        for side in (asked.learned, asked.true, asked.fresh)
    )
    means: list[float] = []
    stds: list[float] = []
    for child in sorted(bridge.children(asked.variable)):
        columns = bridge.scales[child].columns
        learned, true = columns(asked.learned[child]), columns(asked.true[child])
        means.append(float(np.square(learned.mean(0) - true.mean(0)).mean()))
        off = learned.std(0, ddof=1) - true.std(0, ddof=1)
        stds.append(float(np.square(off).mean()))
    apart = mmd_score(model, process, bridge.seed)
    return Intervention(
        variable=asked.variable,
        value=asked.value,
        mmd=apart.value,
        low=apart.low,
        high=apart.high,
        floor=mmd_value(other, process),
        mean_error=mean_of(means),
        std_error=mean_of(stds),
        support=asked.support,
    )


def edge_effects(bridge: Bridge, asked: Iterable[Asked]) -> tuple[EdgeEffect, ...]:
    """The average causal effect along every edge, in the model and in the process.

    E[child | do(parent = high)] - E[child | do(parent = low)]: of a real parent from a
    standard deviation below its mean to one above, of classes from the first to each
    other. Of a child with more than two classes, the probability of each.
    """
    settings: dict[str, list[Asked]] = {}
    for each in asked:
        settings.setdefault(each.variable, []).append(each)
    return tuple(
        effect
        for parent, child in bridge.edges
        for high in settings.get(parent, [])[1:]
        for effect in _effects(bridge, child, settings[parent][0], high)
    )


def _effects(bridge: Bridge, child: str, low: Asked, high: Asked) -> list[EdgeEffect]:
    scale, parent = bridge.scales[child], low.variable

    def mean(values: Values) -> list[float]:
        columns = indicators(values[child], scale.classes)
        return [float(value) for value in columns.mean(0)]

    means = (mean(high.learned), mean(low.learned), mean(high.true), mean(low.true))
    rows = list(zip(*means, strict=True))
    return [
        EdgeEffect(
            parent=parent,
            child=child,
            in_model=child in bridge.learned.children(parent),
            in_process=child in bridge.true.children(parent),
            low=low.value,
            high=high.value,
            outcome=number if len(rows) > 1 else None,
            learned=upper - lower,
            true=true_upper - true_lower,
            error=((upper - lower - true_upper + true_lower) / scale.std) ** 2,
            support=min(low.support, high.support),
        )
        for number, (upper, lower, true_upper, true_lower) in enumerate(rows)
    ]


def mean_of(values: Iterable[float | None]) -> float | None:
    """Mean of the numbers there are, if there is any."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
