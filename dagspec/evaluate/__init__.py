"""What a trained model has learned: bounds, metrics, and answers beside the truth."""

from __future__ import annotations

from dagspec.evaluate.opening import EXPECTED, EvaluateError
from dagspec.evaluate.results import Evaluation
from dagspec.evaluate.running import evaluate
from dagspec.evaluate.scores import chosen_metrics
from dagspec.evaluate.text import evaluation_text
from dagspec.evaluate.writing import RECORD, REPORT

__all__ = [
    "EXPECTED",
    "RECORD",
    "REPORT",
    "EvaluateError",
    "Evaluation",
    "chosen_metrics",
    "evaluate",
    "evaluation_text",
]
