"""Which rows are for training, validation and test."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.data import DataError
from dagspec.data.splits import hash_rows, split_by_column, split_by_hash


@pytest.mark.parametrize("count", [3, 4, 10, 1000])
def test_a_hash_gives_every_row_to_one_part_and_leaves_none_empty(count):
    parts = split_by_hash(hash_rows(count))
    assert sorted(np.concatenate(parts)) == list(range(count))
    assert all(len(rows) for rows in parts)


def test_parts_are_never_empty_whatever_the_hashes_are():
    for first in (0, 1 << 60, 1 << 63):  # all in one part
        hashes = np.arange(first, first + 3, dtype=np.uint64)
        assert [len(rows) for rows in split_by_hash(hashes)] == [1, 1, 1]


def test_two_examples_are_both_for_training():
    assert [len(rows) for rows in split_by_hash(hash_rows(2))] == [2, 0, 0]


def test_a_sixteenth_is_for_each_of_validation_and_test():
    _, validation, test = split_by_hash(hash_rows(100_000))
    assert len(validation) == pytest.approx(100_000 / 16, rel=0.05)
    assert len(test) == pytest.approx(100_000 / 16, rel=0.05)


def test_the_part_of_a_row_does_not_depend_on_how_many_follow():
    few, many = (split_by_hash(hash_rows(count)) for count in (500, 1000))
    for small, large in zip(few, many, strict=True):
        assert set(small) == {row for row in large.tolist() if row < 500}


def test_the_first_rows_held_out_come_from_everywhere():
    rows = split_by_hash(hash_rows(100_000)).validation[:100]
    assert rows.mean() == pytest.approx(50_000, rel=0.3)


def test_training_rows_ascend():
    rows = split_by_hash(hash_rows(1000)).train
    assert (np.diff(rows) > 0).all()


def test_a_column_decides():
    numbers = np.array([2, 0, 1, 0, 1], np.int8)
    parts = split_by_column(numbers, hash_rows(5), "here")
    assert [sorted(rows.tolist()) for rows in parts] == [[1, 3], [2, 4], [0]]


def test_a_column_without_training_is_refused():
    with pytest.raises(DataError, match="here: no example is for training"):
        split_by_column(np.array([1, 2], np.int8), hash_rows(2), "here")
