"""Models with their first weights, as if they had been trained."""

from __future__ import annotations

from pathlib import Path

import dagspec
from dagspec.answers.trained import Trained
from dagspec.runs import RunFolder
from dagspec.spec import Spec


def as_trained(text: str) -> Trained:
    spec = dagspec.parse(text)
    assert isinstance(spec, Spec)
    model = dagspec.build_model(spec).requires_grad_(False).eval()
    return Trained(RunFolder(Path("run")), model, spec)
