"""Runs in processes of their own, stopped from outside."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.train.runs import TINY

ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}


def start(out: Path, text: str = TINY, *options: str) -> subprocess.Popen[str]:
    """Start, or go on with, a run in a process of its own."""
    file = out.with_suffix(".dag")
    file.write_text(text)
    command = [sys.executable, "-m", "dagspec", "train", str(file), "--out", str(out)]
    return subprocess.Popen(
        [*command, "--continue-training", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def rows_of(out: Path) -> int:
    """Whole lines of a run's metrics.csv, its header included."""
    file = out / "metrics.csv"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait_for_rows(out: Path, process: subprocess.Popen[str], rows: int) -> None:
    """Wait until metrics.csv has as many lines, or the process ends."""
    while process.poll() is None and rows_of(out) < rows:
        time.sleep(0.005)


def kill_again_and_again(out: Path, text: str, times: int, rng: random.Random) -> int:
    """Kill a run at random moments and go on each time, then let it finish.

    Returns:
        How many of the kills hit a run that had gone on.
    """
    hits = 0
    for _ in range(times):
        before = rows_of(out)
        process = start(out, text)
        wait_for_rows(out, process, before + 1 + rng.randrange(4))
        time.sleep(rng.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=120)
        hits += process.returncode == -signal.SIGKILL
    finish(out, text)
    return hits


def finish(out: Path, text: str = TINY) -> None:
    """Go on with a run to its end."""
    process = start(out, text)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
