"""What a run writes: metrics.csv, TensorBoard, checkpoints, status.json, notes.md."""

from __future__ import annotations

import shlex
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from torch import Tensor

from dagspec.checkpoint import Shelf
from dagspec.checkpoint.shelf import step_file
from dagspec.geometry import is_image
from dagspec.monitor import Measurement, TensorBoard, collapsed, overview
from dagspec.nn.queries import ConceptVAE
from dagspec.pictures import RenderError
from dagspec.pictures.grid import save_image
from dagspec.plan import lower
from dagspec.runs import (
    ConceptRow,
    Metrics,
    RunError,
    RunFolder,
    RunStatus,
    write_notes,
)
from dagspec.runs.files import unwritable
from dagspec.runs.record import State as RunState
from dagspec.spec import Spec
from dagspec.train.settings import Settings
from dagspec.train.state import Best, State

# Sizes of the files of a run that starts.
NOTHING_WRITTEN: Final[Mapping[str, Any]] = {"metrics": None, "tensorboard": {}}


class Journal:
    """The files of a run.

    Args:
        folder: The run's folder.
        spec: What is trained.
        columns: Columns of metrics.csv.
        sizes: What `sizes` said when the checkpoint was made that the run goes on from:
            what was written after it is cut off. None for a run that starts.
        goes_on: The command that goes on with the run.

    Raises:
        RunError: A file cannot be written; so do all other methods.

    Attributes:
        shelf: The checkpoints.
        warnings: What the last validation has to say, one line each.
    """

    def __init__(
        self,
        folder: RunFolder,
        spec: Spec,
        columns: tuple[str, ...],
        sizes: Mapping[str, Any] | None = None,
        goes_on: str = "",
    ) -> None:
        self.folder = folder
        self.goes_on = goes_on
        self._spec = spec
        self._plan = lower(spec)
        before = sizes or NOTHING_WRITTEN
        self._starts = before["metrics"] is None
        with naming(folder.tensorboard):
            self._board = TensorBoard(folder.tensorboard, before["tensorboard"])
        try:
            self._metrics = Metrics(folder.metrics_file, columns, before["metrics"])
        except RunError:
            self._board.close()
            raise
        self.shelf = Shelf(folder.checkpoints)
        self._last: tuple[int, Measurement] | None = None
        # Until a run that goes on validates again, what it found before stands.
        self._status = RunStatus(state="running", step=0)
        lost = self._board.warnings
        if not self._starts and folder.status_file.is_file():
            try:
                self._status = RunStatus.read(folder.status_file)
            except RunError as error:
                lost += (f"{error}; it is written anew",)
        self._lost = lost
        self.warnings: tuple[str, ...] = lost + self._status.warnings
        self._said = {line.partition(":")[0] for line in self._status.warnings}

    def start(self, step: int, best: Best) -> None:
        """Write that the run is going on, and what is written once, at its start."""
        self.status("running", step, best)
        if self._starts:
            with naming(self.folder.tensorboard):
                self._board.settings(self._spec)

    def train(
        self, step: int, values: Mapping[str, float], gradients: Mapping[str, float]
    ) -> None:
        """Write a row of training."""
        self._metrics.append(step, "train", values)
        with naming(self.folder.tensorboard):
            self._board.training(step, values)
            self._board.gradients(step, gradients)

    def validation(
        self, step: int, found: Measurement, model: ConceptVAE, x: Tensor
    ) -> None:
        """Write what a validation found, in numbers and pictures."""
        values = {"elbo": found.elbo, "log_prob": found.log_prob, "kl": found.total_kl}
        values |= {f"kl.{name}": value for name, value in found.kl.items()}
        values |= {f"label.{name}": value for name, value in found.labels.items()}
        self._metrics.append(step, "validation", values)
        self._last = (step, found)
        self.warnings = self._lost + collapsed(found, self._spec)
        with naming(self.folder.tensorboard):
            self._board.validation(step, found)
            self._board.pictures(step, model, x, self._spec)
            try:
                self._board.graph(step, self._plan, found)
            except RenderError as error:  # a picture that Graphviz cannot draw
                line = f"TensorBoard has no picture of the graph: {error}"
                self.warnings += (line,)

    def new_warnings(self) -> tuple[str, ...]:
        """The warnings that were not asked for before, whatever their numbers."""
        new = {line.partition(":")[0]: line for line in self.warnings}
        lines = tuple(line for about, line in new.items() if about not in self._said)
        self._said |= new.keys()
        return lines

    def save(self, state: State, best: bool) -> None:
        """Write a checkpoint, once all that was written before is on the disk."""
        with naming(self.folder.tensorboard):
            sizes = {
                "metrics": self._metrics.size(),
                "tensorboard": self._board.sizes(),
            }
        checkpoint = state.pack(state.optimizer, sizes)
        with naming(step_file(self.folder.checkpoints, checkpoint.step)):
            self.shelf.put(checkpoint, best=best)

    def status(
        self, state: RunState, step: int, best: Best, reason: str = "", more: str = ""
    ) -> None:
        """Write status.json.

        Args:
            state: How the run is.
            step: Steps done.
            best: The best validation.
            reason: Why it ended, where that is not plain.
            more: What the command that goes on needs beside its usual words.
        """
        changes: dict[str, object] = {
            "state": state,
            "step": step,
            "reason": reason,
            "best": best.score,
            "warnings": self.warnings,
            "goes_on": f"{self.goes_on} {more}".rstrip(),
        }
        if self._last is not None:
            when, found = self._last
            changes["last"] = (when, found.elbo)
            changes["concepts"] = concept_rows(self._spec, found)
            changes["labels"] = found.labels
        self._status = self._status.model_copy(update=changes)
        self._status.write(self.folder.status_file)

    def notes(self, model: ConceptVAE, x: Tensor) -> None:
        """Write notes.md and its pictures.

        Args:
            model: The model at its present state.
            x: Held-out examples.
        """
        draw_notes(self.folder, model, x, self._spec)

    def close(self) -> None:
        """Close the files."""
        self._metrics.close()
        self._board.close()


@contextmanager
def naming(path: Path) -> Generator[None]:
    """Say of what goes wrong on the disk which file or folder it was."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def draw_notes(folder: RunFolder, model: ConceptVAE, x: Tensor, spec: Spec) -> None:
    """Write notes.md and its pictures, from a model and held-out examples.

    Raises:
        RunError: They cannot be written.
    """
    if is_image(spec.observed.shape):
        try:
            save_image(overview(model, x, spec), folder.pictures_file)
        except RenderError as error:
            raise RunError(str(error)) from error
    write_notes(folder)


def go_on_command(settings: Settings) -> str:
    """What to type to go on with a run."""
    words = ["dagspec", "train", str(settings.out), "--continue-training"]
    if settings.data_dir is not None:
        words += ["--data-dir", str(settings.data_dir)]
    if settings.broken != "fail":
        words += ["--broken", settings.broken]
    return shlex.join(words)


def concept_rows(spec: Spec, found: Measurement) -> dict[str, ConceptRow]:
    """What a validation saw of every concept, in the order declared."""
    rows: dict[str, ConceptRow] = {}
    for latent in spec.latents:
        moments = found.concepts[latent.name].posterior
        rows[latent.name] = ConceptRow(
            kl=found.kl[latent.name],
            active=found.active[latent.name],
            units=found.concepts[latent.name].units,
            dim=latent.dim,
            family=latent.family,
            mu_mean=moments and moments.mu_mean,
            mu_std=moments and moments.mu_std,
            sigma_mean=moments and moments.sigma_mean,
        )
    return rows
