"""The images of a folder: their names, sorted and packed into one string of bytes.

A list of 200,000 strings costs four times as much, and every process that only looks
at it gets a copy of its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dagspec.data.source import DataError

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif")


@dataclass(frozen=True, eq=False)
class FileNames:
    """Paths below a folder, with `/` between their parts.

    Attributes:
        packed: All of them, one after the other.
        ends: Where each ends, `(N,)`.
    """

    packed: bytes
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, row: int) -> str:
        """The path in row `row`, counted from 0."""
        start = self.ends[row - 1] if row else 0
        return os.fsdecode(self.packed[start : self.ends[row]])

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    def hashes(self) -> NDArray[np.uint64]:
        """A hash `(N,)` of each path, the same on every machine."""
        digests = (
            hashlib.blake2b(os.fsencode(name), digest_size=8).digest() for name in self
        )
        return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


class NameLookup:
    """From the name that a list of labels uses to the row of the image.

    A name is a path below the folder, or an image's bare name where no other image has
    the same one.
    """

    def __init__(self, names: FileNames) -> None:
        self._by_path = {name: row for row, name in enumerate(names)}
        self._by_name: dict[str, int | None] = {}
        for path, row in self._by_path.items():
            name = path.rpartition("/")[2]
            self._by_name[name] = None if name in self._by_name else row

    def __call__(self, name: str) -> int | None:
        """The row of the image, or None where there is no such image, or several."""
        row = self._by_path.get(name)
        return self._by_name.get(name) if row is None else row


def list_images(folder: Path) -> FileNames:
    """All images of a folder and of the folders in it; what is hidden is left out.

    Raises:
        DataError: It cannot be read, or there is no image in it.
    """
    if not folder.is_dir():
        what = "it is a file" if folder.exists() else "there is no such folder"
        raise DataError(f"{folder}: {what}")
    names = sorted(os.fsencode(name) for name in _walk(folder))
    if not names:
        raise DataError(f"{folder}: there is no image in it ({_listed(SUFFIXES)})")
    return FileNames(b"".join(names), np.cumsum([len(name) for name in names]))


def _walk(folder: Path) -> Iterator[str]:
    """Paths of images, through links too, but into no folder twice."""
    seen: set[tuple[int, int]] = set()
    for place, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = os.path.relpath(place, folder).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        for name in files:
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield prefix + name


def _refuse(error: OSError) -> None:
    raise DataError(f"{error.filename}: {error.strerror}") from error


def _listed(words: Sequence[str]) -> str:
    return ", ".join(word.removeprefix(".") for word in words)
