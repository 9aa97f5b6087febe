"""metrics.csv: exact numbers, cut back on resume, strict but for a line cut off."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagspec.runs import Metrics, RunError, read_metrics

COLUMNS = ("loss", "kl.a")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.csv"


def write(path: Path, rows: int = 2) -> int:
    """So many rows; how many bytes they are."""
    with Metrics(path, COLUMNS) as metrics:
        for step in range(rows):
            metrics.append(step, "train", {"loss": step / 3, "kl.a": 0.1})
        return metrics.size()


def test_rows_stand_under_their_columns_and_what_is_missing_is_empty(path: Path):
    with Metrics(path, COLUMNS) as metrics:
        metrics.append(50, "train", {"kl.a": 2, "loss": 0.1})
        metrics.append(50, "validation", {"kl.a": 3.0})
    lines = ["step,split,loss,kl.a", "50,train,0.1,2.0", "50,validation,,3.0", ""]
    assert path.read_text() == "\n".join(lines)


def test_every_row_is_there_before_the_next(path: Path):
    with Metrics(path, COLUMNS) as metrics:
        metrics.append(1, "train", {})
        assert path.read_text().endswith("\n1,train,,\n")


def test_a_column_that_is_none_is_our_own_fault(path: Path):
    with (
        Metrics(path, COLUMNS) as metrics,
        pytest.raises(AssertionError, match=r"kl\.b"),
    ):
        metrics.append(1, "train", {"kl.b": 1.0})


@given(st.lists(st.floats(width=64), max_size=5))
def test_numbers_read_back_bit_by_bit(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
):
    path = tmp_path_factory.mktemp("run") / "metrics.csv"
    with Metrics(path, ["x"]) as metrics:
        for value in values:
            metrics.append(0, "train", {"x": value})
    back = read_metrics(path).get("train", "x").values
    assert [bits(value) for value in back] == [bits(value) for value in values]


def bits(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack("d", value)


def test_columns_and_splits_are_told_apart(path: Path):
    with Metrics(path, COLUMNS) as metrics:
        metrics.append(1, "train", {"loss": 1.0})
        metrics.append(2, "validation", {"loss": 2.0, "kl.a": 4.0})
        metrics.append(3, "train", {"loss": 3.0})
    table = read_metrics(path)
    assert table.columns == COLUMNS
    assert list(table.get("train", "loss").steps) == [1, 3]
    assert list(table.get("train", "loss").values) == [1.0, 3.0]
    assert list(table.get("validation", "kl.a").values) == [4.0]
    assert not table.get("train", "kl.a")
    assert table.under("kl.") == ("kl.a",)


def test_going_on_cuts_back_to_the_checkpoint(path: Path):
    size = write(path, rows=2)
    unbroken = path.read_bytes()
    with path.open("a") as file:
        file.write("2,train,9.9,9.9\n3,train,9")
    with Metrics(path, COLUMNS, size) as metrics:
        assert path.read_bytes() == unbroken
        metrics.append(2, "train", {"loss": 2 / 3, "kl.a": 0.1})
    again = path.with_name("again.csv")
    write(again, rows=3)
    assert path.read_bytes() == again.read_bytes()


def test_the_size_counts_what_was_written_since(path: Path):
    with Metrics(path, COLUMNS, write(path)) as metrics:
        metrics.append(5, "train", {"loss": 1.0})
        assert metrics.size() == path.stat().st_size


def test_starting_anew_leaves_nothing_of_before(path: Path):
    write(path, rows=5)
    assert write(path, rows=0) == len("step,split,loss,kl.a\n")


def test_other_columns_are_refused_and_nothing_is_cut(path: Path):
    size = write(path)
    before = path.read_bytes()
    with pytest.raises(RunError, match=r"metrics\.csv has other columns"):
        Metrics(path, ("loss", "kl.b"), size)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [(1, "has 37 bytes, the checkpoint knows of 38"), (-1, "byte 36 ends no row")],
)
def test_a_size_that_does_not_fit_is_refused(path: Path, change: int, reason: str):
    size = write(path, rows=1)
    with pytest.raises(RunError, match=reason):
        Metrics(path, COLUMNS, size + change)


def test_a_missing_file_cannot_be_gone_on_with(path: Path):
    with pytest.raises(RunError, match=r"^cannot write .*: No such file or directory$"):
        Metrics(path, COLUMNS, 10)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is full")
def test_a_full_disk_is_one_line():
    with pytest.raises(RunError, match=r"^cannot write /dev/full: No space left"):
        Metrics(Path("/dev/full"), COLUMNS)


@pytest.mark.parametrize("kept", range(69))
def test_a_file_cut_anywhere_gives_its_whole_rows(path: Path, kept: int):
    write(path, rows=2)
    data = path.read_bytes()
    path.write_bytes(data[:kept])
    whole = max(0, data[:kept].count(b"\n") - 1)
    assert len(read_metrics(path).get("train", "kl.a")) == whole


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n", r"metrics\.csv:1: this is not the head"),
        ("something else", r"metrics\.csv:1: this is not the head"),
        ("step,split,x,x\n", r"metrics\.csv:1: this is not the head"),
        ("step,split,x\n1,train,2\n1,train\n", r"csv:3: 0 values for 1 columns"),
        ("step,split,x\n1,train,2,3\n", r"csv:2: 2 values for 1 columns"),
        ("step,split,x\n\n", r"csv:2: `` is no step"),
        ("step,split,x\n-1,train,2\n", r"csv:2: `-1` is no step"),
        ("step,split,x\n1,test,2\n", r"csv:2: `test` is no split"),
        ("step,split,x\n1,train,2\n2,train,a\n", r"csv:3: .*'a'"),
        (f"step,split,x\n{10**30},train,2\n", r"csv:2: "),
    ],
)
def test_damage_is_one_line_with_its_place(path: Path, text: str, reason: str):
    path.write_text(text)
    with pytest.raises(RunError, match=reason) as caught:
        read_metrics(path)
    assert "\n" not in str(caught.value)


def test_thousands_of_columns_are_nothing_special(path: Path):
    columns = [f"kl.z{number}" for number in range(5000)]
    values: Mapping[str, float] = {name: at / 7 for at, name in enumerate(columns)}
    with Metrics(path, columns) as metrics:
        metrics.append(1, "train", values)
    table = read_metrics(path)
    assert {name: table.get("train", name).values[0] for name in columns} == values
