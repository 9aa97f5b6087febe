"""Training: from a spec and a data set to a folder that is complete in itself."""

from __future__ import annotations

from dagspec.train.ending import Outcome
from dagspec.train.run import train
from dagspec.train.settings import EXPECTED, Settings, TrainError
from dagspec.train.sweep import Planned, train_sweep

__all__ = [
    "EXPECTED",
    "Outcome",
    "Planned",
    "Settings",
    "TrainError",
    "train",
    "train_sweep",
]
