"""What is minimised and how: the loss, its schedules, the optimiser, the average."""

from __future__ import annotations

from dagspec.objective.averaging import Average
from dagspec.objective.loss import Loss, Objective
from dagspec.objective.metrics import label_metrics
from dagspec.objective.optimizers import make_optimizer
from dagspec.objective.schedule import Horizon, beta_at, capacity_at, learning_rate

__all__ = [
    "Average",
    "Horizon",
    "Loss",
    "Objective",
    "beta_at",
    "capacity_at",
    "label_metrics",
    "learning_rate",
    "make_optimizer",
]
