"""Everything that a run needs, made ready before its first step."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dagspec.compiler import build_model
from dagspec.data import Source, open_data
from dagspec.data.match import mismatches
from dagspec.data.process.trial import fails
from dagspec.diagnostic import DagSpecError
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import Average, Horizon
from dagspec.spec import Spec
from dagspec.train.batches import Examples, as_tensors, label_columns
from dagspec.train.module import ConceptModule
from dagspec.train.processes import Processes
from dagspec.train.rows import Row
from dagspec.train.settings import Settings, TrainError
from dagspec.train.state import State


@dataclass(frozen=True)
class Prepared:
    """What a run needs before it has a folder.

    Attributes:
        source: Where examples come from.
        planned: Planned length.
        model: With its first weights.
        held_out: What is validated on.
    """

    source: Source
    planned: Horizon
    model: ConceptVAE
    held_out: Examples

    def summary(self, spec: Spec) -> str:
        """What is trained on what, in a line."""
        parameters = sum(p.numel() for p in self.model.parameters())
        return (
            f"{spec.name}: {len(spec.latents):,} concepts, {parameters:,} parameters; "
            f"{spec.training.data}: {self.source.size:,} examples to train on, "
            f"{len(self.held_out['x']):,} held out; {self.planned.steps:,} steps of "
            f"{spec.training.batch:,}"
        )


def prepare(spec: Spec, settings: Settings) -> Prepared:
    """Everything that does not depend on what is in the run's folder.

    Raises:
        TrainError: The spec leaves something open.
        DataError: The data cannot be read.
        DagSpecError: Its examples or its columns are not what the spec says.
        ModuleNotFoundError: The notes could not be drawn.
    """
    import_module("matplotlib")  # better now than after hours
    source = open_suitable(spec, settings)
    planned = plan_length(spec, source)
    batch = source.held_out(spec.training.validate_on)
    _check_range(spec, batch.x)
    held_out = as_tensors(batch, label_columns(spec))
    return Prepared(source, planned, first_model(spec, source), held_out)


def open_suitable(spec: Spec, settings: Settings) -> Source:
    """The source that the spec trains on, once it is known to fit.

    Raises:
        TrainError: The spec names none.
        DataError: It cannot be opened.
        DagSpecError: Its examples or its columns are not what the spec says.
    """
    if spec.training.data is None:
        own = "process" if spec.process else "…"
        raise TrainError(
            f"there is nothing to train on: write `data = {own}` in `training`, or "
            "give --data; `dagspec datasets` lists what there is"
        )
    data = spec.training.data
    source = open_data(spec, data, settings.data_dir, settings.broken)
    found = mismatches(spec, source.shape, source.columns, settings.file)
    if data.partition(":")[0] == "process":
        found = (*found, *fails(spec, settings.file))
    if found:
        raise DagSpecError(found)
    return source


def _check_range(spec: Spec, x: NDArray[np.float32]) -> None:
    """Refuse numbers that a Bernoulli cannot be asked about.

    Raises:
        TrainError: A held-out example has one.
    """
    low, high = float(x.min()), float(x.max())
    if spec.observed.family == "bernoulli" and not 0 <= low <= high <= 1:
        raise TrainError(
            f"`{spec.observed.name}` is a `bernoulli`, of numbers from 0 to 1; "
            f"those of `{spec.training.data}` go from {low:g} to {high:g}: scale them, "
            "store bytes (`uint8`), or observe a `normal`"
        )


def plan_length(spec: Spec, source: Source) -> Horizon:
    """Steps of the run and of an epoch.

    Raises:
        TrainError: The spec says neither steps nor epochs.
    """
    training = spec.training
    epoch = source.size / training.batch
    if training.steps is not None:
        return Horizon(training.steps, epoch)
    if training.epochs is not None:
        return Horizon(max(1, round(training.epochs * epoch)), epoch)
    raise TrainError(
        "how long is the run? Write `steps = 10_000` in `training`, or give --steps"
    )


def first_model(spec: Spec, source: Source) -> ConceptVAE:
    """The model with its first weights, and the units of its labels."""
    model = build_model(spec)
    fit_labels(model, spec, source)
    return model


def fit_labels(model: ConceptVAE, spec: Spec, source: Source) -> None:
    """Give a model the units of its labels, which are those of the data."""
    columns = {column.name: column for column in source.columns}
    scales: dict[str, tuple[Tensor, Tensor]] = {}
    periods: dict[str, float] = {}
    for latent in spec.latents:
        own = [columns[name] for name in latent.label]
        if all(column.kind == "real" for column in own) and own:
            found = [source.scales[name] for name in latent.label]
            means = torch.tensor([scale.mean for scale in found])
            stds = torch.tensor([scale.std for scale in found])
            scales[latent.name] = means, stds
        if own and own[0].period is not None:
            periods[latent.name] = own[0].period
    model.labels.fit(scales, periods)


def first_state(
    spec: Spec, model: ConceptVAE, horizon: Horizon, processes: Processes, done: int
) -> State:
    """The state before the first step of this process."""
    if spec.training.channels_last:
        model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    module = ConceptModule(spec, model, horizon, processes, done)
    decay = spec.training.ema
    average = None if decay is None else Average(model, decay)
    return State(
        module,
        average,
        Row(model.comparison.names, module.objective.terms, processes.mean),
    )
