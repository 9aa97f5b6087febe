"""Where a run runs: versions and machine, for its record."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import torch

PACKAGES = ("dagspec", "torch", "pytorch-lightning", "numpy")


def versions() -> dict[str, str]:
    """Versions of what decides the numbers of a run."""
    return {"python": platform.python_version()} | {
        name: version(name) for name in PACKAGES
    }


def machine() -> dict[str, str]:
    """What the run computes on."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    known = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if known else os.cpu_count()
    return {
        "system": platform.platform(),
        "cores": str(cores),
        "threads": str(torch.get_num_threads()),
        "gpu": gpu,
    }
