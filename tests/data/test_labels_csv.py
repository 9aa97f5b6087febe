"""`labels.csv`: kinds of columns, missing values, and mistakes at their lines."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from dagspec.data import Column, DataError
from dagspec.data.labels_csv import read_labels


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "labels.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_labels(path)

    return read


def column(entries):
    """The only column, and its values."""
    (declared,), (values,) = entries.columns, entries.values
    return declared, values.tolist()


def test_names_lines_and_values(read):
    entries = read("file,a,b\n\nx.jpg, 0.5 ,0\n y.jpg,1.5,1\n")
    assert list(entries.names) == ["x.jpg", "y.jpg"]
    assert list(entries.lines) == [3, 4]
    assert [values.tolist() for values in entries.values] == [[0.5, 1.5], [0, 1]]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("0 1 2 1", Column("c", "class", classes=3)),
        ("0 0 0 0", Column("c", "class", classes=1)),
        ("0 2 2 0", Column("c", "real")),  # 1 never occurs
        ("1 2 3 4", Column("c", "real")),
        ("0 1 0.5 1", Column("c", "real")),
        ("-1 0 1 1", Column("c", "real")),
    ],
)
def test_a_kind_is_inferred(read, cells, expected):
    rows = "".join(f"{i}.jpg,{cell}\n" for i, cell in enumerate(cells.split()))
    assert read("file,c\n" + rows).columns == (expected,)


def said(read, caplog, cells, header="kind"):
    rows = "".join(f"{i}.jpg,{cell}\n" for i, cell in enumerate(cells.split()))
    with caplog.at_level(logging.WARNING, "dagspec.data"):
        read(f"file,{header}\n{rows}")
    return caplog.messages


@pytest.mark.parametrize(
    ("cells", "missing", "classes"),
    [
        ("0 2 2 0", "1", 3),
        ("1 2 3", "0", 4),
        ("0 1 2 6 7 8 9", "3, 4, 5", 10),
        ("1 3 5 7", "0, 2, 4 and 1 more", 8),
    ],
)
def test_a_class_that_may_be_meant_is_named(read, caplog, cells, missing, classes):
    (message,) = said(read, caplog, cells)
    assert message.endswith(
        f"labels.csv:1: the whole numbers of `kind` leave out {missing}, so it is "
        f"read as real; write `kind:class({classes})` or `kind:real` in the header"
    )


@pytest.mark.parametrize(
    ("cells", "header"),
    [
        ("0 2 2 0", "kind:real"),
        ("0 2 2 0", "kind:class(3)"),
        ("0 1 2", "kind"),
        ("0 2 2.5", "kind"),
        ("-1 0 2", "kind"),
        ("1998 2001 2004", "kind"),
    ],
)
def test_nothing_is_said_where_nothing_is_open(read, caplog, cells, header):
    assert said(read, caplog, cells, header) == []


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("c:class(3)", Column("c", "class", classes=3)),
        ("c:class(2147483648)", Column("c", "class", classes=2**31)),
        ("c : class( 3 )", Column("c", "class", classes=3)),
        ("c:real", Column("c", "real")),
        ("c:angle(360)", Column("c", "angle", period=360)),
        ("c:angle(6.28e0)", Column("c", "angle", period=6.28)),
        ("a:b:real", Column("a:b", "real")),
        ("split", Column("split", "class", classes=3)),
        ("split:real", Column("split", "class", classes=3)),
    ],
)
def test_a_header_may_say_the_kind(read, header, expected):
    assert read(f"file,{header}\na.jpg,0\nb.jpg,1\n").columns == (expected,)


def test_an_empty_cell_is_a_missing_value(read):
    declared, values = column(read("file,c\na.jpg,0\nb.jpg,\nc.jpg,1\n"))
    assert declared == Column("c", "class", classes=2)
    assert values == [0, -1, 1]
    _, values = column(read("file,c\na.jpg,0.5\nb.jpg,\n"))
    assert np.isnan(values).tolist() == [False, True]


def test_quotes_and_the_mark_of_a_spreadsheet_are_understood(read):
    entries = read(b'\xef\xbb\xbf"file, name",c\r\n"a,b.jpg","1.5"\r\n')
    assert entries.names == ("a,b.jpg",)
    assert column(entries) == (Column("c", "real"), [1.5])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,c\na.jpg,1\nb.jpg,1,2\n", "csv:3: 3 cells, the header has 2$"),
        ("file,c\n\na.jpg\n", "csv:3: 1 cells, the header has 2$"),
        (
            "file,c\na.jpg,cat\n",
            "csv:2: `cat` in column `c` is not a number; write a class as",
        ),
        ("file,c:class(2)\na.jpg,1\nb.jpg,2\n", r"csv:3: 2 cannot be of `c: class\(2"),
        ("file,c:class(2)\na.jpg,0.5\n", r"csv:2: 0\.5 cannot be of `c: class"),
        ("file,c:class(2)\na.jpg,-1\n", "csv:2: -1 cannot be of `c: class"),
        ("file,c\na.jpg,0\nb.jpg,inf\n", "csv:3: inf cannot be of `c: real`"),
        ("file,c\na.jpg,0\nb.jpg,1e39\n", r"csv:3: 1e\+39 cannot be of `c: real`"),
        ("file,split\na.jpg,3\n", r"csv:2: 3 cannot be of `split: class\(3\)`"),
        ("file,c:clas(3)\na.jpg,1\n", r"csv:1: `c:clas\(3\)`: after a name comes `:re"),
        ("file,c:class(0)\na.jpg,1\n", "csv:1: .* after a name comes"),
        (
            f"file,c:class({'9' * 5000})\na.jpg,1\n",
            "csv:1: `c` has more than 2,147,483,648 classes$",
        ),
        ("file,c:class(2147483649)\na.jpg,1\n", "csv:1: `c` has more than 2,147,"),
        ("file,:real\na.jpg,1\n", "csv:1: `:real`: after a name comes"),
        ("file,\na.jpg,1\n", "csv:1: ``: after a name comes"),
        ("file,c:angle(x)\na.jpg,1\n", "csv:1: .*: a period is a number above 0"),
        ("file,c:angle(0)\na.jpg,1\n", "csv:1: .*: a period is a number above 0"),
        ("", "csv: needs a header, a row, and a column beside the names"),
        ("file,c\n", "csv: needs a header, a row"),
        ("file\na.jpg\n", "csv: needs a header, a row"),
        ('file,c\n"a.jpg,1\n', "csv:2: unexpected end of data"),
        (b"file,c\n\xff.jpg,1\n", "csv: not text in UTF-8"),
    ],
)
def test_mistakes_are_named_at_their_lines(read, text, message):
    with pytest.raises(DataError, match=message) as caught:
        read(text)
    assert "\n" not in str(caught.value)
