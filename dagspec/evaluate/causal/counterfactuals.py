"""What a model says would have been, beside the process run with the same noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dagspec.evaluate.causal.bridge import Bridge, joined_parts, split
from dagspec.evaluate.causal.results import CounterfactualResult
from dagspec.evaluate.causal.scales import relative_error
from dagspec.evaluate.causal.sides import Values
from dagspec.evaluate.metrics.intervals import mean_score

_FEWEST = 30  # examples that a mean is made of


@dataclass(frozen=True)
class Facts:
    """What happened, with the noise that brought it about.

    Attributes:
        noise: Of N draws of the process.
        redrawn: Other noise that would have brought about the same.
        x: The observed node, `(N, *shape)`.
        variance: Its variance over the draws, summed over pixels.
        reconstruction: Mean squared error of its reconstruction, beside what it is
            without noise, divided by the variance.
        reading: Mean squared error of each variable as the model reads it, divided by
            its variance.
    """

    noise: Values
    redrawn: Values
    x: NDArray[np.float32]
    variance: float
    reconstruction: float
    reading: Mapping[str, float]


def draw_facts(bridge: Bridge, n: int) -> Facts:
    """Draws of the process that no other question uses.

    Raises:
        ValueError: The observed node never varies.
    """
    noise = bridge.simulator.noise(n, bridge.seed + 2)
    factors = bridge.simulator.factors(noise)
    clean = bridge.simulator.render(factors).astype(np.float64)
    variance = float(clean.var(0).sum())
    if variance == 0:
        raise ValueError("the observed node is always the same")
    x = bridge.simulator.observe(factors, noise)
    # Where nothing is set, what would have been is what the model takes for the facts.
    read, rebuilt = _answer(bridge, x, {})
    reading = {
        name: float(relative_error(scale, read[name], factors[name]).mean())
        for name, scale in bridge.scales.items()
    }
    return Facts(
        noise,
        bridge.simulator.redraw(noise, bridge.seed),
        x,
        variance,
        _distance(rebuilt, clean) / variance,
        reading,
    )


def counterfactual(
    bridge: Bridge,
    facts: Facts,
    variable: str,
    value: float,
    support: NDArray[np.bool_],
) -> CounterfactualResult:
    """How far the model's counterfactual is from the true one.

    Args:
        bridge: The two.
        facts: What happened.
        variable: The variable that is set.
        value: What it is set to.
        support: Where it may well have this value, `(N,)`.
    """
    do = {variable: value}
    learned, x = _answer(bridge, facts.x, do)
    true = bridge.simulator.factors(facts.noise, do)
    errors = _errors(bridge, variable, learned, true)
    effects = bridge.descendants(variable)
    following = np.mean([errors[name] for name in effects], 0)
    again = bridge.simulator.factors(facts.redrawn, do)
    floor = _errors(bridge, variable, again, true)
    score = mean_score(following, bridge.seed)
    enough = support.sum() >= _FEWEST
    far = _distance(x, bridge.simulator.render(true))
    return CounterfactualResult(
        variable=variable,
        value=value,
        errors={name: float(error.mean()) for name, error in errors.items()},
        descendants=score.value,
        low=score.low,
        high=score.high,
        floor=float(np.mean([floor[name].mean() for name in effects])),
        reading=float(np.mean([facts.reading[name] for name in effects])),
        supported=float(following[support].mean()) if enough else None,
        all=float(np.mean([error.mean() for error in errors.values()])),
        observed=far / facts.variance,
        reconstruction=facts.reconstruction,
        support=float(support.mean()),
    )


def _errors(
    bridge: Bridge, variable: str, found: Values, true: Values
) -> Mapping[str, NDArray[np.float64]]:
    """Squared errors `(N,)` of all variables but one, divided by their variances."""
    return {
        name: relative_error(scale, found[name], true[name])
        for name, scale in bridge.others(variable).items()
    }


def _answer(
    bridge: Bridge, observed: NDArray[np.float32], do: dict[str, float]
) -> tuple[Values, NDArray[np.float32]]:
    """The model's counterfactual: the variables and the observed node."""
    found: list[Values] = []
    images: list[NDArray[np.float32]] = []
    with torch.no_grad():
        for part in split(len(observed)):
            x = torch.from_numpy(observed[part])
            noise = bridge.model.noise(len(x), bridge.seed + part.start)
            setting = bridge.setting(do, len(x))
            answer = bridge.model.counterfactual(x, setting, noise=noise)
            found.append(bridge.read(answer.latents))
            images.append(answer.x.cpu().numpy())
    return joined_parts(found), np.concatenate(images)


def _distance(found: NDArray[np.float32], true: NDArray[np.floating]) -> float:
    """Squared error summed over pixels, mean over examples."""
    off = found.astype(np.float64) - true
    return float(np.square(off).reshape(len(off), -1).sum(1).mean())
