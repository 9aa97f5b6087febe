"""The Makefile lists its targets and says in one line what a machine lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Without what a make around this test hands down, its VENV above all.
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "VENV", "PYTHON"}
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key not in outer},
        capture_output=True,
        text=True,
        check=False,
    )


def interpreter(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_help_describes_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    described = re.findall(r"^  ([a-z]+) +\w", make("help").stdout, re.MULTILINE)
    assert described == phony.split()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (None, "there is no"),
        ('case "$2" in *version_info*) exit 1;; esac', "is older"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "has no venv or no ensurepip"),
    ],
    ids=["no interpreter", "an old one", "one without venv"],
)
def test_what_is_missing_is_said_in_one_line(
    tmp_path: Path, script: str | None, message: str
) -> None:
    python = tmp_path / "python"
    if script is not None:
        interpreter(python, script)
    done = make("demo", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert message in said[0]
    assert str(python) in said[0]
    assert done.returncode == 2
    assert not (tmp_path / "venv").exists()
