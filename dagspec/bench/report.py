"""What `dagspec bench` says of a spec."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from dagspec.bench.flat import FlatVAE
from dagspec.bench.memory import peak_of_training
from dagspec.bench.parts import time_parts
from dagspec.bench.step import TrainingStep, Vae, noise_batch
from dagspec.bench.timing import time_by_turns
from dagspec.compiler import build_model
from dagspec.plan import lower
from dagspec.spec import Spec


@dataclass(frozen=True)
class Speed:
    """What training a model costs.

    Attributes:
        parameters: Numbers that are learned.
        step_seconds: Median time of forward, backward and Adam on one batch.
        images_per_second: Batch / step_seconds.
        peak_bytes: Most bytes of tensors at one time while it is trained.
    """

    parameters: int
    step_seconds: float
    images_per_second: float
    peak_bytes: int


@dataclass(frozen=True)
class Report:
    """A compiled model beside the same towers with one flat latent of the same width.

    Attributes:
        name: The model's name.
        machine: What it was measured on.
        threads: Threads that torch used.
        batch: Images a step.
        steps: How many steps of each were timed, by turns.
        concepts: Number of concepts.
        width: Their dimensions added up, the width of the flat latent.
        model: The compiled model.
        flat: The towers with the flat latent.
        step_ratio: Median over steps of model's time / flat's time.
        memory_ratio: Model's peak / flat's peak.
        shares: Share of each part in the time of the compiled model's step.
    """

    name: str
    machine: str
    threads: int
    batch: int
    steps: int
    concepts: int
    width: int
    model: Speed
    flat: Speed
    step_ratio: float
    memory_ratio: float
    shares: Mapping[str, float]


def measure(spec: Spec, batch: int, steps: int, threads: int | None = None) -> Report:
    """Train a spec's model and its flat counterpart for a few steps, by turns.

    The images are noise: their content changes no shape and no time.

    Args:
        spec: A checked spec.
        batch: Images a step.
        steps: How many steps of each are timed.
        threads: Threads that torch uses from then on; as many as now if None.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    plan = lower(spec)
    model = build_model(spec)
    flat = FlatVAE(model, plan)
    x = noise_batch(spec.observed.shape, batch)
    step = TrainingStep(model, x)
    timings = time_by_turns({"model": step, "flat": TrainingStep(flat, x)}, steps)
    own = _speed(model, x, timings.median("model"))
    beside = _speed(flat, x, timings.median("flat"))
    return Report(
        name=spec.name,
        machine=machine(),
        threads=torch.get_num_threads(),
        batch=batch,
        steps=steps,
        concepts=len(plan.latents),
        width=flat.width,
        model=own,
        flat=beside,
        step_ratio=timings.ratio("model", "flat"),
        memory_ratio=own.peak_bytes / beside.peak_bytes,
        shares=time_parts(model, step, steps),
    )


def machine() -> str:
    """What a measurement was made on: cores, processor, Python, torch."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, torch {torch.__version__}"
    )


def _speed(model: Vae, x: Tensor, seconds: float) -> Speed:
    return Speed(
        parameters=sum(each.numel() for each in model.parameters()),
        step_seconds=seconds,
        images_per_second=x.shape[0] / seconds,
        peak_bytes=peak_of_training(model, x),
    )
