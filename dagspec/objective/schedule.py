"""What changes from step to step: beta, the capacity, the learning rate.

Each is a function of the number of the step alone, counted from 0, so a run that was
stopped goes on with the numbers that it would have had.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

from dagspec.spec import Capacity, Objective, Training


@dataclass(frozen=True)
class Horizon:
    """What percentages and epochs are of.

    Attributes:
        steps: Steps of the run, as it was first planned.
        epoch: Steps of an epoch, not always a whole number.
    """

    steps: int
    epoch: float


def beta_at(objective: Objective, step: int, horizon: Horizon) -> float:
    """Weight of the KL: beta·r, r = min(1, (step + 1)/length), or (1 - cos(pi·r))/2.

    A ramp and never a switch (Bowman et al. 2016, arXiv 1511.06349; linear, Sønderby et
    al. 2016, arXiv 1602.02282). The first step already has a share of it.

    Args:
        objective: Has `beta` and its `warmup`.
        step: Number of the step, counted from 0.
        horizon: What percentages and epochs are of.
    """
    warmup = objective.warmup
    if warmup is None:
        return objective.beta
    done = _share(step + 1, warmup.length.in_steps(horizon.steps, horizon.epoch))
    if warmup.shape == "cosine":
        done = (1 - cos(pi * done)) / 2
    return objective.beta * done


def capacity_at(capacity: Capacity, step: int, horizon: Horizon) -> float:
    """Target of the KL in nats: C = start + (end - start)·min(1, (step + 1)/length).

    Burgess et al. 2018, arXiv 1804.03599.

    Args:
        capacity: Start, end and length.
        step: Number of the step, counted from 0.
        horizon: What percentages and epochs are of.
    """
    length = capacity.length.in_steps(horizon.steps, horizon.epoch)
    done = _share(step + 1, length)
    return capacity.start * (1 - done) + capacity.end * done


def learning_rate(training: Training, step: int, horizon: Horizon) -> float:
    """Learning rate of a step, with lr the optimiser's own and W the warm-up's steps.

    lr·(step + 1)/W while step < W; then lr for `constant`, and for `cosine`, with r =
    min(1, (step - W)/(steps - W)), final + (lr - final)·(1 + cos(pi·r))/2 (Loshchilov &
    Hutter 2017, arXiv 1608.03983). So no planned step has the rate 0.

    Args:
        training: Has the optimiser and the schedule.
        step: Number of the step, counted from 0.
        horizon: What percentages and epochs are of.
    """
    schedule, full = training.schedule, training.optimizer.lr
    warmup = 0.0
    if schedule.warmup is not None:
        warmup = schedule.warmup.in_steps(horizon.steps, horizon.epoch)
    if step < warmup:
        return full * _share(step + 1, warmup)
    if schedule.name == "constant":
        return full
    done = _share(step - warmup, horizon.steps - warmup)
    return schedule.final + (full - schedule.final) * (1 + cos(pi * done)) / 2


def _share(part: float, whole: float) -> float:
    """part/whole, at most 1; 1 where there is no whole."""
    return 1.0 if part >= whole else part / whole
