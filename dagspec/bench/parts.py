"""Which part of a training step takes how much of its time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import ParamSpec, TypeVar

from dagspec.bench.step import TrainingStep
from dagspec.nn.queries import ConceptVAE

P = ParamSpec("P")
R = TypeVar("R")

PARTS: tuple[str, ...] = (
    "encoder",
    "readouts",
    "heads",
    "mechanisms",
    "writers",
    "decoder",
    "likelihood",
    "divergences",
    "the rest of forward",
    "backward",
    "optimiser",
)


def time_parts(model: ConceptVAE, step: TrainingStep, rounds: int) -> dict[str, float]:
    """Share of each part in the time of a training step; together they are 1.

    The functions of each part are wrapped in a clock while `step` runs. No part runs
    inside another, so none is counted twice; heads that are combined with the prior
    compute it themselves, in their own time.

    Args:
        model: The model that the step trains.
        step: The step, warmed up.
        rounds: How many steps are timed.
    """
    seconds = dict.fromkeys(PARTS, 0.0)
    start = perf_counter()
    with _clocks(model, step, seconds):
        for _ in range(rounds):
            step()
    total = perf_counter() - start
    seconds["the rest of forward"] = total - sum(seconds.values())
    return {part: taken / total for part, taken in seconds.items()}


def _functions(
    model: ConceptVAE, step: TrainingStep
) -> Iterator[tuple[str, object, str]]:
    """The part, the object and the name of every function that is timed."""
    yield "encoder", model.encoder, "forward"
    yield "readouts", model.readouts, "forward"
    yield "heads", model.heads, "sample"
    yield "mechanisms", model.mechanisms, "forward"
    for write in model.writers.values():
        yield "writers", write, "forward"
    yield "decoder", model.decoder, "forward"
    yield "likelihood", model.observation, "log_prob"
    for name in ("posteriors", "priors", "kl"):
        yield "divergences", model.comparison, name
    yield "backward", step, "backward"
    yield "optimiser", step.optimizer, "step"
    yield "optimiser", step.optimizer, "zero_grad"


@contextmanager
def _clocks(
    model: ConceptVAE, step: TrainingStep, seconds: dict[str, float]
) -> Generator[None]:
    functions = list(_functions(model, step))
    for part, owner, name in functions:
        setattr(owner, name, _timed(getattr(owner, name), part, seconds))
    try:
        yield
    finally:
        # What was set is an attribute of the instance and hid the one of its class.
        for _, owner, name in functions:
            delattr(owner, name)


def _timed(
    function: Callable[P, R], part: str, seconds: dict[str, float]
) -> Callable[P, R]:
    def timed(*args: P.args, **options: P.kwargs) -> R:
        start = perf_counter()
        result = function(*args, **options)
        seconds[part] += perf_counter() - start
        return result

    return timed
