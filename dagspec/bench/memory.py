"""How much memory training takes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from copy import deepcopy
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from dagspec.bench.step import TrainingStep, Vae


def peak_of_training(model: Vae, x: Tensor) -> int:
    """The most bytes of tensors that training holds at one time, on the CPU.

    It counts what `peak_bytes` counts, over two steps of a copy of the model: weights,
    gradients, Adam's moments and what backward keeps; not the batch.
    """

    def train() -> None:
        step = TrainingStep(deepcopy(model), x)
        step()
        step()

    return peak_bytes(train)


def peak_bytes(run: Callable[[], object]) -> int:
    """The most bytes of tensors that `run` holds at one time, on the CPU.

    Every allocation that torch makes for a tensor counts. What Python, torch and its
    libraries take themselves does not: it is the same for any model and would hide what
    differs. Unlike the resident size, the result does not hang on the allocator.
    """
    # Below this level the profiler writes to stderr that it starts and stops.
    os.environ.setdefault("KINETO_LOG_LEVEL", "6")
    activities = [ProfilerActivity.CPU]
    with profile(activities=activities, profile_memory=True) as profiler:
        run()
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        profiler.export_chrome_trace(str(trace))
        events: list[dict[str, Any]] = json.loads(trace.read_text())["traceEvents"]
    changes = [event for event in events if event["name"] == "[memory]"]
    changes.sort(key=lambda event: event["ts"])
    return max(accumulate(int(event["args"]["Bytes"]) for event in changes))
