"""Runs: their folders, what is written about them, how they compare."""

from __future__ import annotations

from dagspec.runs.comparison import Comparison, compare
from dagspec.runs.comparison_page import comparison_text, write_comparison
from dagspec.runs.files import RunError
from dagspec.runs.folder import RunFolder, find_runs
from dagspec.runs.metrics import Metrics, MetricsTable, Series, read_metrics
from dagspec.runs.notes import notes_text, write_notes
from dagspec.runs.record import ConceptRow, RunRecord, RunStatus
from dagspec.runs.run import Run, read_run
from dagspec.runs.sweep import (
    Combination,
    Sweep,
    SweepError,
    combine,
    is_finished,
    parse_sweep,
)

__all__ = [
    "Combination",
    "Comparison",
    "ConceptRow",
    "Metrics",
    "MetricsTable",
    "Run",
    "RunError",
    "RunFolder",
    "RunRecord",
    "RunStatus",
    "Series",
    "Sweep",
    "SweepError",
    "combine",
    "compare",
    "comparison_text",
    "find_runs",
    "is_finished",
    "notes_text",
    "parse_sweep",
    "read_metrics",
    "read_run",
    "write_comparison",
    "write_notes",
]
