"""The checkpoints of a run: the last few, and the best."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dagspec.atomic import PARTIAL
from dagspec.checkpoint.format import Checkpoint, CheckpointError, read, write

BEST = "best.safetensors"
_STEP = re.compile(r"step-(\d+)\.safetensors")


def step_file(folder: Path, step: int) -> Path:
    """The file of the checkpoint after `step` steps."""
    return folder / f"step-{step:09}.safetensors"


def step_files(folder: Path) -> list[tuple[int, Path]]:
    """Every checkpoint in a folder with its step, the newest first."""
    found = ((_STEP.fullmatch(path.name), path) for path in folder.glob("step-*"))
    return sorted(((int(m[1]), path) for m, path in found if m), reverse=True)


def newest(folder: Path) -> tuple[Checkpoint | None, tuple[CheckpointError, ...]]:
    """The newest whole checkpoint in a folder; the best one where no other is whole.

    Returns:
        The checkpoint, None where there is none, and what was wrong with those passed
        over, the newest first.
    """
    faults: list[CheckpointError] = []
    for path in _candidates(folder):
        try:
            return read(path), tuple(faults)
        except CheckpointError as error:
            faults.append(error)
    return None, tuple(faults)


def _candidates(folder: Path) -> Iterator[Path]:
    yield from (path for _, path in step_files(folder))
    if (folder / BEST).exists():
        yield folder / BEST


class Shelf:
    """A folder that holds the last checkpoints of a run and the best one.

    One process at a time writes to it. What a killed one left half-written is removed
    at the start.

    Args:
        folder: Made with the first checkpoint, if it is not there.
        keep: How many of the last checkpoints stay.

    Raises:
        OSError: What is half-written cannot be removed.
    """

    def __init__(self, folder: Path, keep: int = 3) -> None:
        self.folder = folder
        self.keep = keep
        for partial in folder.glob(PARTIAL):
            partial.unlink(missing_ok=True)

    def put(self, checkpoint: Checkpoint, best: bool = False) -> Path:
        """Write a checkpoint, then remove those that are too many.

        Whenever the process is killed, what was the newest whole checkpoint before is
        still there, or the new one is. Checkpoints of later steps are removed: they
        were damaged and passed over, or the run went another way from there.

        Args:
            checkpoint: The state of the run.
            best: Whether it is the best so far; it is then written a second time.

        Returns:
            The file of this step.

        Raises:
            OSError: It cannot be written; the older ones are untouched.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = step_file(self.folder, checkpoint.step)
        # The best one comes first: a run that is killed in between repeats the steps up
        # to here and finds it again, but would not write it if it knew of it.
        if best:
            write(self.folder / BEST, checkpoint)
        write(path, checkpoint)
        files = step_files(self.folder)
        past = [each for step, each in files if step <= checkpoint.step]
        later = [each for step, each in files if step > checkpoint.step]
        for old in (*later, *past[self.keep :]):
            old.unlink()
        return path

    def newest(self) -> tuple[Checkpoint | None, tuple[CheckpointError, ...]]:
        """The newest whole checkpoint, and what was wrong with those passed over."""
        return newest(self.folder)
