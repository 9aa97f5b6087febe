"""The files of an evaluation."""

from __future__ import annotations

from pathlib import Path

from dagspec.data import Batch
from dagspec.evaluate.opening import Opened
from dagspec.evaluate.report import report
from dagspec.evaluate.results import Evaluation
from dagspec.runs.files import write_file

RECORD, REPORT = "evaluation.json", "report.html"


def write_evaluation(
    opened: Opened, batch: Batch, evaluation: Evaluation, folder: Path
) -> None:
    """Write `evaluation.json` and `report.html`, each whole or not at all.

    Args:
        opened: The run.
        batch: The test examples that were looked at.
        evaluation: What was found.
        folder: Where they go.

    Raises:
        RunError: A file cannot be written.
    """
    made = report(opened, batch, evaluation)  # before any file is there
    evaluation.write(folder / RECORD)
    write_file(folder / REPORT, made.encode())
