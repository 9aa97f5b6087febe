"""A run as its folder tells it."""

from __future__ import annotations

from dataclasses import dataclass

from dagspec.runs.files import read_file
from dagspec.runs.folder import RunFolder
from dagspec.runs.metrics import MetricsTable, read_metrics
from dagspec.runs.record import RunRecord, RunStatus


@dataclass(frozen=True)
class Run:
    """What a folder holds, as far as it is there.

    Attributes:
        folder: The folder.
        record: What was run.
        status: How far it came; None before anything was said of that.
        metrics: The numbers of its curves.
        spec: Canonical text of the spec; None where it is missing.
    """

    folder: RunFolder
    record: RunRecord
    status: RunStatus | None
    metrics: MetricsTable
    spec: str | None

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.path.resolve().name


def read_run(folder: RunFolder) -> Run:
    """Read a run's files; all but `run.json` may be missing.

    Raises:
        RunError: There is no run, or one of its files is damaged.
    """
    files = RunFolder.open(folder.path)
    status = files.status_file
    metrics = files.metrics_file
    return Run(
        folder,
        RunRecord.read(files.record_file),
        RunStatus.read(status) if status.exists() else None,
        read_metrics(metrics) if metrics.exists() else MetricsTable(),
        read_file(files.spec_file) if files.spec_file.exists() else None,
    )
