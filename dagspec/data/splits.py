"""Which examples are for training, validation and test, by a hash or by a column."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dagspec.data.source import DataError

COLUMN: Final = "split"
TRAIN, VALIDATION, TEST = range(3)
_SHARE = 16  # one of so many is for validation, one for test


class Splits(NamedTuple):
    """Rows of each part, an array each: none is in two of them.

    Those of `train` ascend; the others stand in an order without meaning, so that the
    first few of them are a fair sample also where the rows are sorted by class.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def hash_rows(count: int) -> NDArray[np.uint64]:
    """A hash `(count,)` of each row's number (splitmix64; Steele et al. 2014)."""
    mixed = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def split_by_hash(hashes: NDArray[np.uint64]) -> Splits:
    """A sixteenth for validation, a sixteenth for test, by the hashes `(N,)` alone.

    Of three examples or more each part has at least one; fewer are all for training.
    """
    numbers = np.full(len(hashes), TRAIN, np.int8)
    if len(hashes) > TEST:
        part = hashes // np.uint64(2**64 // _SHARE)
        numbers[part == 0] = VALIDATION
        numbers[part == 1] = TEST
        for number in (TRAIN, VALIDATION, TEST):
            _fill(numbers, number, hashes)
    return _split(numbers, hashes)


def split_by_column(
    numbers: NDArray[np.int8], hashes: NDArray[np.uint64], place: str
) -> Splits:
    """Parts as a column `(N,)` has them: 0 train, 1 validation, 2 test.

    Args:
        numbers: The column.
        hashes: They decide the order in which examples are held out.
        place: What an error begins with.

    Raises:
        DataError: No example is left for training.
    """
    splits = _split(numbers, hashes)
    if not len(splits.train):
        raise DataError(f"{place}: no example is for training (0)")
    return splits


def _split(numbers: NDArray[np.int8], hashes: NDArray[np.uint64]) -> Splits:
    train, *held_out = (np.flatnonzero(numbers == each) for each in range(3))
    return Splits(train, *(rows[np.argsort(hashes[rows])] for rows in held_out))


def _fill(numbers: NDArray[np.int8], number: int, hashes: NDArray[np.uint64]) -> None:
    """Give an empty part an example of the largest part."""
    if not (numbers == number).any():
        largest = np.flatnonzero(numbers == np.bincount(numbers).argmax())
        numbers[largest[np.argmin(hashes[largest])]] = number
