"""A disk that is full: what is told, what is left, and how it goes on."""

from __future__ import annotations

import errno
import json
import os
import resource
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from dagspec.checkpoint import Shelf
from dagspec.monitor.events import EventFile
from dagspec.runs import Metrics, RunError
from dagspec.runs.files import unwritable
from tests.train.runs import QUICK, assert_same, run

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
Full: TypeAlias = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def small_disk(out: Path) -> Generator[None]:
    """No file may become as large as a checkpoint."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def full_file(name: str) -> Full:
    """A disk that is full whenever this file is written."""

    @contextmanager
    def full(out: Path) -> Generator[None]:
        (out / name).unlink(missing_ok=True)
        (out / name).symlink_to("/dev/full")
        try:
            yield
        finally:
            (out / name).unlink()

    return full


@contextmanager
def no_room_for_metrics(out: Path) -> Generator[None]:
    def append(self, *_):
        raise unwritable(self.path, FULL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Metrics, "append", append)
        yield


@contextmanager
def no_room_for_events(out: Path) -> Generator[None]:
    def add(*_):
        raise FULL

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventFile, "add", add)
        yield


@pytest.mark.parametrize(
    ("full", "name", "step"),
    [
        (small_disk, "checkpoints/step-000000027.safetensors", 27),
        (no_room_for_metrics, "metrics.csv", 21),
        (no_room_for_events, "tensorboard", 21),
        (full_file("status.json"), "status.json", 18),
        (full_file("notes.md"), "notes.md", 40),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_full_disk_is_one_line_and_costs_nothing(
    cut, whole, capfd, full: Full, name, step
):
    with full(cut):
        outcome = run(cut, continue_training=True, quiet=False)
    assert (outcome.state, outcome.code, outcome.step) == ("failed", 1, step)
    lines = [line for line in capfd.readouterr().err.splitlines() if "error" in line]
    reason = "File too large" if full is small_disk else "No space left on device"
    last, damaged = Shelf(cut / "checkpoints").newest()
    assert last is not None
    assert damaged == ()
    saved = f"{cut}/checkpoints/step-{last.step:09}.safetensors"
    assert lines == [
        f"error: cannot write {cut / name}: {reason}; the last checkpoint is {saved}"
    ]
    assert run(cut, continue_training=True).code == 0
    assert_same(whole, cut)
    assert json.loads((cut / "status.json").read_text())["state"] == "finished"
    assert "**Finished** after 40 steps" in (cut / "notes.md").read_text()


def test_pictures_that_cannot_be_written_are_told(cut):
    with full_file("pictures.png")(cut):
        outcome = run(cut, continue_training=True)
    assert outcome.code == 1
    assert "pictures.png" in outcome.reason


def test_a_disk_that_is_full_at_the_start_is_one_line(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Metrics, "_write", lambda self, _: no_room(self))
        with pytest.raises(RunError, match=r"cannot write .*metrics\.csv: No space"):
            run(tmp_path / "run", QUICK)
    monkeypatch.undo()
    assert run(tmp_path / "run", QUICK, continue_training=True).code == 0


def no_room(metrics: Metrics) -> None:
    raise unwritable(metrics.path, FULL)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match=r"cannot .*file/run: Not a directory") as error:
        run(tmp_path / "file/run", QUICK)
    assert "\n" not in str(error.value)


def test_a_folder_that_cannot_be_written_into_is_one_line():
    with pytest.raises(RunError, match=r"^cannot write /proc/run: [\w ]+$"):
        run(Path("/proc/run"), QUICK)
