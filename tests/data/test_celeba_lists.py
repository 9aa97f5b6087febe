"""CelebA's own lists of attributes and parts."""

from __future__ import annotations

import pytest

from dagspec.data import Column, DataError
from dagspec.data.celeba_lists import read_attributes, read_partition


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "list.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_attributes_are_columns_of_two_classes(write):
    text = "2\n5_o_Clock_Shadow Male \n000001.jpg -1  1\n000002.jpg  1 -1\n"
    entries = read_attributes(write(text))
    assert entries.columns == (
        Column("5_o_Clock_Shadow", "class", classes=2),
        Column("Male", "class", classes=2),
    )
    assert entries.names == ["000001.jpg", "000002.jpg"]
    assert [values.tolist() for values in entries.values] == [[0, 1], [1, 0]]


def test_a_partition_is_a_column_split(write):
    entries = read_partition(write("000001.jpg 2\n\n000002.jpg 0\n"))
    assert entries.columns == (Column("split", "class", classes=3),)
    assert entries.values[0].tolist() == [2, 0]
    assert entries.lines == [1, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "txt:1: the number of images should stand here"),
        ("Male Young\na.jpg 1 1\n", "txt:1: the number of images should stand here"),
        ("9" * 5000 + "\nMale\na.jpg 1\n", "txt:1: the number of images should"),
        ("1\n\na.jpg 1\n", "txt:2: the names of the attributes should stand here"),
        ("1\nMale Young\na.jpg 1\n", "txt:3: 1 values, there are 2 columns"),
        ("1\nMale\na.jpg 1 1\n", "txt:3: 2 values, there are 1 columns"),
        ("2\nMale\na.jpg 1\nb.jpg 0\n", "txt:4: 0 is not -1 or 1"),
        ("2\nMale\na.jpg 1\n", "txt: 1 images, but the first line says 2"),
        ("0\nMale\n", "txt: there is no image in it"),
        (b"1\nMale\n\xff.jpg 1\n", "txt: not text in UTF-8"),
    ],
)
def test_mistakes_among_the_attributes_are_named(write, text, message):
    with pytest.raises(DataError, match=message):
        read_attributes(write(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.jpg 0\nb.jpg 3\n", "txt:2: 3 is not 0 or 1 or 2"),
        ("a.jpg\n", "txt:1: 0 values, there are 1 columns"),
        ("", "txt: there is no image in it"),
    ],
)
def test_mistakes_in_a_partition_are_named(write, text, message):
    with pytest.raises(DataError, match=message):
        read_partition(write(text))


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.txt: No such file"):
        read_attributes(tmp_path / "none.txt")
