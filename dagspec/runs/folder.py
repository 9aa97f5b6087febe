"""The folder of a run: where each of its files is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

from dagspec.runs.files import RunError, unreadable, unwritable

_RECORD = "run.json"


@dataclass(frozen=True)
class RunFolder:
    """A run's folder, complete in itself.

    Attributes:
        path: Where it is.
    """

    path: Path

    @classmethod
    def create(cls, path: str | os.PathLike[str]) -> Self:
        """Make the folder of a new run, or take one that is empty.

        Until `run.json` is in it, it holds no run.

        Raises:
            RunError: It holds a run or other things, or cannot be written into.
        """
        folder = cls(Path(path))
        content = folder.content()
        if _RECORD in content:
            raise RunError(
                f"{folder.path} holds an earlier run: go on with it by "
                "--continue-training, or choose another --out"
            )
        if content:
            raise RunError(
                f"{folder.path} holds other things, such as {content[0]}: choose an "
                "empty folder or a new one as --out"
            )
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder.path):
                pass
        except OSError as error:
            raise unwritable(folder.path, error) from error
        return folder

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """The folder of a run that was started before.

        Raises:
            RunError: There is none.
        """
        folder = cls(Path(path))
        if not folder.record_file.is_file():
            found = f"holds no {_RECORD}" if folder.path.is_dir() else "is no folder"
            raise RunError(f"{folder.path} is no run: it {found}")
        return folder

    def content(self) -> list[str]:
        """Names of what is in it, sorted; none if it is not there.

        A file that a killed process was about to write counts as nothing.

        Raises:
            RunError: It is no folder, or cannot be read.
        """
        try:
            names = sorted(os.listdir(self.path))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise unreadable(self.path, error) from error
        return [name for name in names if not name.endswith(".partial")]

    @property
    def spec_file(self) -> Path:
        """The canonical text of the spec, settings of the command line included."""
        return self.path / "spec.dag"

    def module_file(self, name: str) -> Path:
        """The emitted module of the model of this name."""
        return self.path / f"{name}.py"

    @property
    def record_file(self) -> Path:
        """What was run: `RunRecord`."""
        return self.path / _RECORD

    @property
    def status_file(self) -> Path:
        """How far it came: `RunStatus`."""
        return self.path / "status.json"

    @property
    def metrics_file(self) -> Path:
        """Curves as numbers: `Metrics` writes it, `read_metrics` reads it."""
        return self.path / "metrics.csv"

    @property
    def tensorboard(self) -> Path:
        """Folder of TensorBoard's files."""
        return self.path / "tensorboard"

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.path / "checkpoints"

    @property
    def notes_file(self) -> Path:
        """The page about the run."""
        return self.path / "notes.md"

    @property
    def pictures_file(self) -> Path:
        """What the model makes of images; none of vectors."""
        return self.path / "pictures.png"

    @property
    def curves_file(self) -> Path:
        """Curves, for the notes."""
        return self.path / "curves.png"


def find_runs(paths: Iterable[Path]) -> tuple[RunFolder, ...]:
    """The folders of runs that are meant by these paths, each once.

    A folder that holds runs, such as that of a sweep, stands for all of them. What is
    no run stays in the list, so that whoever opens it can say so.
    """
    found: dict[Path, RunFolder] = {}
    for path in paths:
        inside = [record.parent for record in path.glob(f"*/{_RECORD}")]
        if (path / _RECORD).exists() or not inside:
            inside = [path]
        for each in sorted(inside, key=_as_read):
            found.setdefault(each.resolve(), RunFolder(each))
    return tuple(found.values())


def _as_read(path: Path) -> list[tuple[str, int]]:
    """Orders `beta=4` before `beta=16`."""
    parts = re.findall(r"(\D*)(\d*)", path.name)
    return [(letters, int(digits or 0)) for letters, digits in parts]
