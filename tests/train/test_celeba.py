"""The largest of the example specs learns from a folder like CelebA's."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data.image_folders import fill_celeba

ROOT = Path(__file__).parents[2]
ATTRIBUTES = (
    "Male",
    "Young",
    "Smiling",
    "Eyeglasses",
    "Mustache",
    "Bald",
    "Gray_Hair",
    "Wearing_Lipstick",
    "Blurry",  # which no concept is tied to
)
CHANGES = (
    "training.steps=50",
    "training.batch=8",
    "training.workers=2",
    "training.log_every=10",
    "training.validate_on=8",
    "training.ema=0.9",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What a run of 50 steps leaves behind."""
    path = tmp_path_factory.mktemp("celeba")
    fill_celeba(path / "data", 300, ATTRIBUTES)
    command = [
        sys.executable,
        "-m",
        "dagspec",
        "train",
        str(ROOT / "specs/celeba64.dag"),
    ]
    command += ["--data", f"celeba:{path / 'data'}", "--out", str(path / "run")]
    for change in CHANGES:
        command += ["--set", change]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return path / "run"


def test_the_loss_falls(folder):
    with (folder / "metrics.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    assert [int(row["step"]) for row in rows] == [10, 20, 30, 40, 50]
    losses = [float(row["loss"]) for row in rows]
    assert losses == sorted(losses, reverse=True)
    # The attributes are the bits of the number that the picture's colour shows.
    labels = [float(row["term.label.male"]) for row in rows]
    assert labels[-1] < labels[0]


def test_labels_are_measured(folder):
    with (folder / "metrics.csv").open() as file:
        *_, last = (row for row in csv.DictReader(file) if row["split"] == "validation")
    labels = {name: float(last[name]) for name in last if name.startswith("label.")}
    assert len(labels) == 8
    assert all(name.endswith(".accuracy") for name in labels)
    assert all(0 <= value <= 1 for value in labels.values())
    status = json.loads((folder / "status.json").read_text())
    assert status["labels"]["smiling.accuracy"] == labels["label.smiling.accuracy"]
    assert len(status["concepts"]) == 12
