"""Event files: unique names, whole records, cut back to a checkpoint."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

from dagspec.monitor import TensorBoard
from dagspec.monitor.events import EventFile, event_files
from tests.monitor.reading import read, steps

ROW = {"loss": 1.0, "kl.size": 0.5}


@pytest.fixture
def board(tmp_path: Path) -> Iterator[TensorBoard]:
    with closing(TensorBoard(tmp_path)) as board:
        yield board


def _write(folder: Path, first: int, last: int, sizes=None) -> dict[str, int]:
    """Run a process from one step to another; the sizes in the middle."""
    with closing(TensorBoard(folder, sizes)) as board:
        middle = {}
        for step in range(first, last):
            if step == (first + last) // 2:
                middle = board.sizes()
            board.training(step, ROW)
    return middle


def _records(path: Path) -> int:
    return len(list(RawEventFileLoader(str(path)).Load()))


def test_what_is_written_can_be_read_at_once(board: TensorBoard):
    board.training(3, ROW)
    assert steps(board.folder, "loss/total") == [3]


def test_sizes_are_those_of_whole_records(board: TensorBoard):
    for step in range(20):
        board.training(step, ROW)
        ((name, size),) = board.sizes().items()
        path = board.folder / name
        assert path.stat().st_size == size
        assert _records(path) == step + 2  # the first names the version


def test_a_run_that_goes_on_has_every_step_once(tmp_path: Path):
    middle = _write(tmp_path, 0, 10)
    assert steps(tmp_path, "loss/total") == list(range(10))
    assert _write(tmp_path, 5, 15, middle)
    assert steps(tmp_path, "loss/total") == list(range(15))
    assert steps(tmp_path, "kl/size") == list(range(15))


def test_a_run_that_is_stopped_twice_before_a_checkpoint(tmp_path: Path):
    middle = _write(tmp_path, 0, 10)
    _write(tmp_path, 5, 9, middle)
    _write(tmp_path, 5, 8, middle)
    assert steps(tmp_path, "loss/total") == list(range(8))
    assert len(event_files(tmp_path)) == 2


def test_files_of_several_processes_are_cut_each(tmp_path: Path):
    second = _write(tmp_path, 5, 15, _write(tmp_path, 0, 10))
    assert len(second) == 2
    with closing(TensorBoard(tmp_path, second)):
        assert steps(tmp_path, "loss/total") == list(range(10))


def test_a_run_that_starts_again_has_nothing_left(tmp_path: Path):
    _write(tmp_path, 0, 10)
    _write(tmp_path, 0, 2, {})
    assert steps(tmp_path, "loss/total") == [0, 1]


def test_without_sizes_nothing_is_taken_away(tmp_path: Path):
    _write(tmp_path, 0, 2)
    _write(tmp_path, 2, 4)
    assert steps(tmp_path, "loss/total") == [0, 1, 2, 3]


def test_other_files_are_left_alone(tmp_path: Path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with closing(TensorBoard(tmp_path, {})):
        assert other.read_text() == "mine"


def test_half_a_record_at_the_end_is_taken_away(tmp_path: Path):
    with closing(TensorBoard(tmp_path)) as board:
        board.training(0, ROW)
        sizes = board.sizes()
    ((name, _),) = sizes.items()
    with (tmp_path / name).open("ab") as file:
        file.write(b"\x20\0\0\0\0\0\0\0half")
    _write(tmp_path, 1, 3, sizes)
    assert steps(tmp_path, "loss/total") == [0, 1, 2]


def test_names_differ_and_sort_within_one_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.5)
    names = []
    for _ in range(3):
        with closing(TensorBoard(tmp_path)):
            names = list(event_files(tmp_path))
    assert len(set(names)) == 3
    _write(tmp_path, 7, 8)
    assert max(event_files(tmp_path)) > max(names)


def test_names_sort_when_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    middle = _write(tmp_path, 0, 10)
    monkeypatch.setattr(time, "time", lambda: 1_600_000_000.0)
    _write(tmp_path, 5, 15, middle)
    assert steps(tmp_path, "loss/total") == list(range(15))


def test_the_name_of_a_removed_file_is_not_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.5)
    _write(tmp_path, 0, 3)
    (before,) = event_files(tmp_path)
    _write(tmp_path, 0, 3, {})
    assert list(event_files(tmp_path)) != [before]


def test_those_that_start_together_share_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.5)
    ready = Barrier(8)

    def start() -> None:
        ready.wait(10)
        EventFile(tmp_path).close()

    with ThreadPoolExecutor(8) as pool:
        for started in [pool.submit(start) for _ in range(8)]:
            started.result(10)
    assert len(event_files(tmp_path)) == 8


def test_a_file_that_lost_its_end_is_a_warning(tmp_path: Path):
    with closing(TensorBoard(tmp_path)) as board:
        for step in range(4):
            board.training(step, ROW)
        sizes = board.sizes()
    ((name, size),) = sizes.items()
    os.truncate(tmp_path / name, size - 10)
    with closing(TensorBoard(tmp_path, sizes)) as board:
        board.training(4, ROW)
        assert board.warnings == (
            f"{tmp_path / name} has {size - 10:,} of the {size:,} bytes that were "
            "recorded: some events are lost",
        )
    assert steps(tmp_path, "loss/total") == [0, 1, 2, 4]


def test_a_file_that_is_gone_is_a_warning(tmp_path: Path):
    with closing(TensorBoard(tmp_path, {"events.out.tfevents.1.x": 2000})) as board:
        name = tmp_path / "events.out.tfevents.1.x"
        assert board.warnings == (f"{name} is gone: 2,000 bytes are lost",)


def test_a_whole_file_is_no_warning(tmp_path: Path):
    with closing(TensorBoard(tmp_path, _write(tmp_path, 0, 4))) as board:
        assert board.warnings == ()


def test_a_full_disk_is_told_where_it_happens(tmp_path: Path):
    board = TensorBoard(tmp_path)
    with Path("/dev/full").open("wb", buffering=0) as full:
        os.dup2(full.fileno(), board._file._file.fileno())
    with pytest.raises(OSError, match="No space left"):
        board.training(0, ROW)
    with pytest.raises(OSError, match="No space left"):
        board.close()


def test_it_may_be_closed_twice(board: TensorBoard):
    board.close()
    board.close()
    assert read(board.folder).Tags()["scalars"] == []
