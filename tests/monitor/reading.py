"""What event files say, as TensorBoard reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def read(folder: Path) -> Any:
    """Everything, with no event left out."""
    guidance = {"scalars": 0, "images": 0, "histograms": 0, "tensors": 0}
    found: Any = EventAccumulator(str(folder), size_guidance=guidance)
    found.Reload()
    return found


def steps(folder: Path, tag: str) -> list[int]:
    """Steps of a scalar's events, in the order in which they stand."""
    return [event.step for event in read(folder).Scalars(tag)]
