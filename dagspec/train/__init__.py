"""Training: from a spec and a data set to a folder that is complete in itself."""

from __future__ import annotations

from dagspec.checkpoint import CheckpointError
from dagspec.data import DataError
from dagspec.runs import RunError, SweepError
from dagspec.train.run import Outcome, train
from dagspec.train.settings import Settings, TrainError
from dagspec.train.sweep import Planned, train_sweep

# What may be wrong with a run; each is one line for the user, or a few.
EXPECTED = (TrainError, DataError, RunError, SweepError, CheckpointError, OSError)

__all__ = [
    "EXPECTED",
    "Outcome",
    "Planned",
    "Settings",
    "TrainError",
    "train",
    "train_sweep",
]
