"""Images that are files: only their names and labels are held, pixels are streamed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dagspec.data import splits
from dagspec.data.file_names import FileNames, NameLookup, list_images
from dagspec.data.finite import FiniteSource
from dagspec.data.image_reading import MODES, Box, Fit, shape_of
from dagspec.data.label_files import SKIP, Entries, place_entries
from dagspec.data.label_table import LabelTable, join_tables
from dagspec.data.source import Batch, Broken, DataError, Request, Split

_log = logging.getLogger("dagspec.data")
_REPLACED = "the next good image of the training set stands in for it"


class ImageFiles(FiniteSource):
    """Images of a folder.

    Args:
        folder: Where they are.
        names: Their names, sorted.
        keys: A number for each that no other folder changes.
        fit: How they become arrays.
        labels: A value for each image and column.
        parts: Which images are for what.
        broken: Whether one that cannot be read is an error, or is named in a warning
            and replaced by the next of its part that can.
    """

    def __init__(
        self,
        folder: Path,
        names: FileNames,
        keys: NDArray[np.int64],
        fit: Fit,
        labels: LabelTable,
        parts: splits.Splits,
        broken: Broken = "fail",
    ) -> None:
        scales = labels.scales(parts.train)
        super().__init__(str(folder), fit.shape, labels.columns, scales, parts)
        self._folder = folder
        self._names = names
        self._fit = fit
        self._labels = labels
        self._broken: Broken = broken
        self._keys = keys
        self._named: set[int] = set()

    def load(self, chosen: NDArray[Any]) -> Batch:
        """The images of these rows, or those that stand in for them.

        Raises:
            DataError: An image cannot be read, and all have to be; or none can.
        """
        x = np.empty((len(chosen), *self.shape), np.float32)
        rows = np.empty(len(chosen), np.int64)
        for i, row in enumerate(chosen):
            rows[i], x[i] = self._next_good(int(row))
        return self._batch(x, rows)

    def held_out(self, n: int, split: Split = "validation") -> Batch:
        """The first `n` images that are held out and can be read.

        Raises:
            DataError: There are none; or one cannot be read, and all have to be.
        """
        images: list[NDArray[np.uint8]] = []
        rows: list[int] = []
        for row in self.held_out_rows(split).tolist():
            if len(rows) == n:
                break
            image = self._read(row, "it is left out")
            if image is not None:
                images.append(image)
                rows.append(row)
        if not images:
            raise DataError(f"{self.place}: no image for {split} can be read")
        return self._batch(np.stack(images).astype(np.float32), np.array(rows))

    def _batch(self, x: NDArray[np.float32], rows: NDArray[np.int64]) -> Batch:
        x /= 255
        return Batch(x, self._labels.at(rows), self._keys[rows])

    def _next_good(self, row: int) -> tuple[int, NDArray[np.uint8]]:
        image = self._read(row, _REPLACED)
        if image is not None:
            return row, image
        train = self.splits.train
        start = int(np.searchsorted(train, row))
        for step in range(1, len(train)):
            other = int(train[(start + step) % len(train)])
            image = self._read(other, _REPLACED)
            if image is not None:
                return other, image
        raise DataError(f"{self.place}: no image for training can be read")

    def _read(self, row: int, otherwise: str) -> NDArray[np.uint8] | None:
        """The image in this row; None where it cannot be read and may be passed over.

        A process names such a file once, with what happens `otherwise`, and does not
        try it again.
        """
        if row in self._named:
            return None
        try:
            return self._fit.read(self._folder / self._names[row])
        except DataError as error:
            if self._broken == "fail":
                raise DataError(f"{error} {SKIP}") from error
            self._named.add(row)
            _log.warning("%s; %s", error, otherwise)
            return None


def open_images(
    folder: Path,
    request: Request,
    lists: Sequence[Callable[[], Entries]] = (),
    crop: Box | None = None,
) -> ImageFiles:
    """Open a folder of images.

    Args:
        folder: Where they are.
        request: The shape that they are fitted to, and what happens to broken ones.
        lists: They read the lists of labels; a column `split` says which image is for
            what, and without one a hash of its path does.
        crop: The part of each image that is looked at; None for all.

    Raises:
        DataError: The folder, a list or the shape is wrong.
    """
    names = list_images(folder)
    fit = _fit(folder, names, request, crop)
    labels, numbers = _read_lists(folder, names, lists, request.broken)
    hashes = names.hashes()
    keys = (hashes >> np.uint64(1)).astype(np.int64)
    if numbers is None:
        parts = splits.split_by_hash(hashes)
    else:
        parts = splits.split_by_column(numbers, hashes, str(folder))
    return ImageFiles(folder, names, keys, fit, labels, parts, request.broken)


def _read_lists(
    folder: Path,
    names: FileNames,
    lists: Sequence[Callable[[], Entries]],
    broken: Broken,
) -> tuple[LabelTable, NDArray[np.int8] | None]:
    """The labels, and the column `split` if there is one."""
    lookup = NameLookup(names)
    tables = [place_entries(read(), lookup, len(names), broken) for read in lists]
    table = join_tables(tables, str(folder))
    numbers = table.values.get(splits.COLUMN)
    if numbers is not None and (numbers < 0).any():
        lost = names[int(np.argmin(numbers))]
        raise DataError(
            f"{folder}: the column `{splits.COLUMN}` says nothing of `{lost}`"
        )
    columns = tuple(each for each in table.columns if each.name != splits.COLUMN)
    return LabelTable(columns, {c.name: table.values[c.name] for c in columns}), numbers


def _fit(folder: Path, names: FileNames, request: Request, crop: Box | None) -> Fit:
    """To the shape that is asked for, or else to that of the first image."""
    if request.shape is None:
        return Fit(_first_shape(folder, names, request.broken), crop, resize=False)
    if len(request.shape) != 3 or request.shape[0] not in MODES:
        wanted = "x".join(str(number) for number in request.shape)
        raise DataError(
            f"{folder}: holds images of 1 (grey) or 3 channels; the model observes "
            f"{wanted}"
        )
    return Fit(request.shape, crop)


def _first_shape(
    folder: Path, names: FileNames, broken: Broken
) -> tuple[int, int, int]:
    for name in names:
        try:
            return shape_of(folder / name)
        except DataError as error:
            if broken == "fail":
                raise DataError(f"{error} {SKIP}") from error
            _log.warning("%s", error)
    raise DataError(f"{folder}: none of its images can be read")
