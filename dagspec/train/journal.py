"""What a run writes: metrics.csv, TensorBoard, checkpoints, status.json, notes.md."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from dagspec.checkpoint import Shelf
from dagspec.monitor import Measurement, TensorBoard, collapsed
from dagspec.nn.queries import ConceptVAE
from dagspec.plan import lower
from dagspec.runs import ConceptRow, Metrics, RunFolder, RunStatus, write_notes
from dagspec.runs.record import State as RunState
from dagspec.spec import Spec
from dagspec.train.state import Best


class Journal:
    """The files of a run.

    Args:
        folder: The run's folder.
        spec: What is trained.
        columns: Columns of metrics.csv.
        sizes: What `sizes` said when the checkpoint was made that the run goes on from:
            what was written after it is cut off. None for a run that starts.

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
    ) -> None:
        self.folder = folder
        self._spec = spec
        self._plan = lower(spec)
        before = sizes or {"metrics": None, "tensorboard": {}}
        self._metrics = Metrics(folder.metrics_file, columns, before["metrics"])
        self._board = TensorBoard(folder.tensorboard, before["tensorboard"])
        self.shelf = Shelf(folder.checkpoints)
        self._last: tuple[int, Measurement] | None = None
        self.warnings: tuple[str, ...] = self._board.warnings
        self._said = set[str]()
        if sizes is None:
            self._board.settings(spec)

    def train(
        self, step: int, values: Mapping[str, float], gradients: Mapping[str, float]
    ) -> None:
        """Write a row of training."""
        self._metrics.append(step, "train", values)
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
        self._board.validation(step, found)
        self._board.pictures(step, model, x, self._spec)
        self._board.graph(step, self._plan, found)
        self._last = (step, found)
        self.warnings = collapsed(found, self._spec)

    def new_warnings(self) -> tuple[str, ...]:
        """The warnings that were not asked for before."""
        new = tuple(line for line in self.warnings if line not in self._said)
        self._said |= {*self.warnings}
        return new

    def sizes(self) -> dict[str, Any]:
        """Sizes in bytes of the files that grow, all that was written being on disk."""
        return {"metrics": self._metrics.size(), "tensorboard": self._board.sizes()}

    def status(self, state: RunState, step: int, best: Best, reason: str = "") -> None:
        """Write status.json."""
        found = self._last and self._last[1]
        RunStatus(
            state=state,
            step=step,
            reason=reason,
            best=best.score,
            last=self._last and (self._last[0], self._last[1].elbo),
            concepts=_rows(self._spec, found) if found else {},
            labels=found.labels if found else {},
            warnings=self.warnings,
            goes_on=go_on_command(self.folder),
        ).write(self.folder.status_file)

    def notes(self) -> None:
        """Write notes.md and its curves."""
        write_notes(self.folder)

    def close(self) -> None:
        """Close the files."""
        self._metrics.close()
        self._board.close()


def go_on_command(folder: RunFolder) -> str:
    """What to type to go on with a run."""
    return f"dagspec train {shlex.quote(str(folder.path))} --continue-training"


def _rows(spec: Spec, found: Measurement) -> dict[str, ConceptRow]:
    rows: dict[str, ConceptRow] = {}
    for latent in spec.latents:
        moments = found.concepts[latent.name].posterior
        rows[latent.name] = ConceptRow(
            kl=found.kl[latent.name],
            active=found.active[latent.name],
            dim=latent.dim,
            family=latent.family,
            mu_mean=moments and moments.mu_mean,
            mu_std=moments and moments.mu_std,
            sigma_mean=moments and moments.sigma_mean,
        )
    return rows
