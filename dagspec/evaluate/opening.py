"""A run made ready to be looked at: its model, and the data that it was trained on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dagspec.answers.asked import AnswerError
from dagspec.answers.trained import Trained
from dagspec.answers.trained import open_run as open_trained
from dagspec.checkpoint import CheckpointError
from dagspec.data import DataError, Source, open_data
from dagspec.data.match import mismatches
from dagspec.data.source import Broken
from dagspec.diagnostic import DagSpecError
from dagspec.pictures import RenderError
from dagspec.runs import RunError
from dagspec.spec import Spec

Weights = Literal["average", "last"]


class EvaluateError(ValueError):
    """What is asked for cannot be computed; one line says why."""


# What may be wrong with a run, its data or what is asked; one line each.
EXPECTED = (
    EvaluateError,
    AnswerError,
    RunError,
    CheckpointError,
    DataError,
    RenderError,
    OSError,
)


@dataclass(frozen=True)
class Opened:
    """A run's model and data.

    Attributes:
        trained: Its folder, its model in evaluation mode, and the model's spec.
        weights: Which weights the model has; `last` where none were averaged.
        data: The data set, as `--data` names it.
        source: Where examples come from.
    """

    trained: Trained
    weights: Weights
    data: str
    source: Source

    @property
    def name(self) -> str:
        """Name of the run's folder."""
        return self.trained.folder.path.resolve().name


def open_run(
    run: str | os.PathLike[str],
    *,
    weights: Weights = "average",
    data: str | None = None,
    data_dir: Path | None = None,
    broken: Broken = "fail",
) -> Opened:
    """Load a run's model and open its data.

    Args:
        run: The run's folder.
        weights: `average` or `last`, as `load_model` takes them.
        data: A source in place of the one that the run was trained on.
        data_dir: Folder with official files of data sets.
        broken: What to do about an example that cannot be read.

    Raises:
        AnswerError: The folder holds runs and is none itself.
        RunError: There is no run.
        CheckpointError: It has no checkpoint, or a damaged one.
        DataError: The data cannot be opened.
        EvaluateError: The spec names no data.
        DagSpecError: The data's examples or columns are not what the spec says.
    """
    trained = open_trained(Path(run), weights)
    trained.model.requires_grad_(False)
    name = data or trained.spec.training.data
    if name is None:
        raise EvaluateError("the run's spec names no data: give --data")
    source = open_data(trained.spec, name, data_dir, broken)
    found = mismatches(_reading(trained.spec, name), source.shape, source.columns)
    if found:
        raise DagSpecError(found)
    taken: Weights = "last" if trained.spec.training.ema is None else weights
    return Opened(trained, taken, name, source)


def _reading(spec: Spec, data: str) -> Spec:
    """The spec as if it named this data, for messages."""
    training = spec.training.model_copy(update={"data": data})
    return spec.model_copy(update={"training": training})
