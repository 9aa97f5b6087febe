"""What a user asks of a run beside the spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dagspec.checkpoint import CheckpointError
from dagspec.data import DataError
from dagspec.runs import RunError
from dagspec.syntax.tree import File


class TrainError(ValueError):
    """A run that cannot be started or cannot go on; one line says why."""


# What may be wrong with a run; each is one line for the user, or a few.
EXPECTED = (TrainError, DataError, RunError, CheckpointError, OSError)


@dataclass(frozen=True)
class Settings:
    """One run, beside what its spec says.

    Attributes:
        out: The run's folder.
        continue_training: Go on from the last whole checkpoint in `out`.
        adopt: Where the spec is another than the checkpoint's: take over every weight
            that still fits, and start from step 0.
        data_dir: Folder with official files of data sets.
        broken: What to do about an example that cannot be read.
        file: What was written, so that messages can point at it.
        command: What was typed, for the notes.
        changed: Options that were set on the command line, by their dotted names.
        quiet: Show no progress.
    """

    out: Path
    continue_training: bool = False
    adopt: bool = False
    data_dir: Path | None = None
    broken: Literal["fail", "skip"] = "fail"
    file: File | None = None
    command: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict[str, str])
    quiet: bool = False
