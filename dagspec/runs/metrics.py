"""metrics.csv: every number of a run's curves, one row a time.

There is no time of day in it, and numbers are written so that they read back exactly:
two runs that did the same wrote the same bytes.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, Self

from dagspec.runs.files import RunError, read_file, unwritable

Split = Literal["train", "validation"]
_SPLITS: tuple[Split, ...] = ("train", "validation")
_FIRST = ("step", "split")


class Metrics:
    """Writes metrics.csv.

    Attributes:
        path: The file.
        columns: Names of the numbers in a row.
    """

    def __init__(
        self, path: Path, columns: Sequence[str], size: int | None = None
    ) -> None:
        """Start the file anew, or go on with one.

        Args:
            path: The file.
            columns: Names of the numbers in a row, those beside `step` and `split`.
            size: How many bytes of an earlier file to keep: what `size()` said when
                the checkpoint was made. None starts anew.

        Raises:
            RunError: The file cannot be written, is shorter than `size`, or has other
                columns.
        """
        assert len({*columns, *_FIRST}) == len(columns) + len(_FIRST)
        self.path, self.columns = path, tuple(columns)
        self._known = frozenset(columns)
        header = f"{','.join((*_FIRST, *columns))}\n".encode()
        try:
            # Unbuffered, so that a row that did not fit on the disk is not tried again.
            mode = "wb" if size is None else "r+b"
            self._file: BinaryIO = path.open(mode, buffering=0)
        except OSError as error:
            raise unwritable(path, error) from error
        try:
            if size is None:
                self._write(header)
            else:
                self._cut(header, size)
        except BaseException:
            self._file.close()
            raise

    def append(self, step: int, split: Split, values: Mapping[str, float]) -> None:
        """Write one row; a column without a value stays empty.

        Args:
            step: Steps done.
            split: What the numbers were measured on.
            values: Numbers by column.

        Raises:
            RunError: The row cannot be written.
        """
        assert values.keys() <= self._known, sorted(values.keys() - self._known)
        numbers = (
            repr(float(values[name])) if name in values else "" for name in self.columns
        )
        self._write(f"{','.join((str(step), split, *numbers))}\n".encode())

    def size(self) -> int:
        """Bytes written so far; they are on the disk.

        Raises:
            RunError: They are not.
        """
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(self.path, error) from error
        return self._file.tell()

    def close(self) -> None:
        """Write no more."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise unwritable(self.path, error) from error

    def _cut(self, header: bytes, size: int) -> None:
        """Keep the first `size` bytes, if they are what they should be."""
        file, path = self._file, self.path
        try:
            there = file.seek(0, os.SEEK_END)
            if there < size:
                raise RunError(
                    f"{path} is damaged: it has {there:,} bytes, the checkpoint knows "
                    f"of {size:,}"
                )
            file.seek(0)
            if file.read(len(header)) != header:
                raise RunError(f"{path} has other columns than this run")
            file.seek(size - 1)
            if file.read(1) != b"\n":
                raise RunError(f"{path} is damaged: byte {size:,} ends no row")
            file.truncate(size)
        except OSError as error:
            raise unwritable(path, error) from error


@dataclass(frozen=True)
class Series:
    """One column on one split.

    Attributes:
        steps: When it was written.
        values: What was written, as many.
    """

    steps: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.values)


@dataclass(frozen=True)
class MetricsTable:
    """What metrics.csv holds.

    Attributes:
        columns: Names of the numbers, in order.
        series: Each column on each split that has a value in it.
    """

    columns: tuple[str, ...] = ()
    series: Mapping[tuple[Split, str], Series] = field(
        default_factory=dict[tuple[Split, str], Series]
    )

    def get(self, split: Split, column: str) -> Series:
        """One column on one split; empty if nothing was written."""
        return self.series.get((split, column), Series())

    def under(self, prefix: str) -> tuple[str, ...]:
        """Columns that start with `prefix`, in order."""
        return tuple(name for name in self.columns if name.startswith(prefix))


def read_metrics(path: Path) -> MetricsTable:
    """Read metrics.csv; a last line that a kill cut short is left out.

    Raises:
        RunError: The file cannot be read, is damaged or is something else; file and
            line are named.
    """
    head, *lines = read_file(path).split("\n")
    names = tuple(head.split(","))
    if not lines and ",".join(_FIRST).startswith(head[:10]):
        return MetricsTable()
    if names[:2] != _FIRST or len({*names}) < len(names):
        raise RunError(f"{path}:1: this is not the head of a metrics.csv")
    series: dict[Split, list[Series]] = {
        split: [Series() for _ in names[2:]] for split in _SPLITS
    }
    # What follows the last line break is empty, or a row cut short.
    for number, line in enumerate(lines[:-1], start=2):
        try:
            _add(line, series)
        except (ValueError, OverflowError) as error:
            raise RunError(f"{path}:{number}: {error}") from error
    return MetricsTable(
        names[2:],
        {
            (split, name): one
            for split, columns in series.items()
            for name, one in zip(names[2:], columns, strict=True)
            if one
        },
    )


def _add(line: str, series: Mapping[Split, Sequence[Series]]) -> None:
    """Add the values of one row to their series."""
    number, split, *cells = line.split(",") if line.count(",") else (line, "")
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"`{number[:40]}` is no step")
    if split not in _SPLITS:
        raise ValueError(f"`{split[:40]}` is no split")
    columns, step = series[split], int(number)
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} values for {len(columns)} columns")
    for cell, one in zip(cells, columns, strict=True):
        if cell:
            one.values.append(float(cell))
            one.steps.append(step)
