"""The folder of a run: what a new one may be made of, what an old one must hold."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dagspec.runs import RunError, RunFolder, find_runs, folder
from tests.runs.made_up import record


def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path):
    assert RunFolder.create(tmp_path / "a/b").path.is_dir()


def test_an_empty_folder_is_taken(tmp_path: Path):
    assert RunFolder.create(tmp_path).content() == []


def test_what_a_killed_process_was_about_to_write_counts_as_nothing(tmp_path: Path):
    (tmp_path / ".0123456789abcdef.partial").write_text("{")
    RunFolder.create(tmp_path)


def test_an_earlier_run_is_refused_with_both_ways_out(tmp_path: Path):
    record().write(RunFolder.create(tmp_path).record_file)
    with pytest.raises(RunError, match=r"--continue-training, or choose another --out"):
        RunFolder.create(tmp_path)


def test_a_folder_of_other_things_is_refused_by_one_of_them(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(RunError, match=r"other things, such as thesis\.tex"):
        RunFolder.create(tmp_path)


def test_a_file_in_its_place_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"^cannot read .*file: Not a directory$"):
        RunFolder.create(tmp_path / "file")


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(folder, "TemporaryFile", refuse)
    with pytest.raises(RunError, match=r"^cannot write .*: Permission denied$"):
        RunFolder.create(tmp_path)


def test_a_run_is_opened(tmp_path: Path):
    record().write(tmp_path / "run.json")
    assert RunFolder.open(tmp_path) == RunFolder(tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"), [("", "holds no run.json"), ("nowhere", "is no folder")]
)
def test_what_is_no_run_is_not_opened(tmp_path: Path, name: str, reason: str):
    with pytest.raises(RunError, match=f"is no run: it {reason}"):
        RunFolder.open(tmp_path / name)


def test_files_of_a_run_lie_in_its_folder():
    run = RunFolder(Path("r"))
    files = (run.module_file("dsprites"), run.metrics_file, run.checkpoints)
    expected = [Path("r/dsprites.py"), Path("r/metrics.csv"), Path("r/checkpoints")]
    assert list(files) == expected


def test_a_folder_of_runs_stands_for_them_in_the_order_of_numbers(tmp_path: Path):
    for name in ("beta=16", "beta=4", "beta=1"):
        (tmp_path / name).mkdir()
        record().write(tmp_path / name / "run.json")
    (tmp_path / "other").mkdir()
    found = [run.path.name for run in find_runs([tmp_path])]
    assert found == ["beta=1", "beta=4", "beta=16"]


def test_a_run_given_twice_is_found_once(tmp_path: Path):
    (tmp_path / "a").mkdir()
    record().write(tmp_path / "a/run.json")
    paths = [tmp_path / "a", tmp_path / os.pardir / tmp_path.name / "a"]
    assert len(find_runs(paths)) == 1


def test_what_is_no_run_is_left_for_who_opens_it(tmp_path: Path):
    assert find_runs([tmp_path / "nowhere"]) == (RunFolder(tmp_path / "nowhere"),)
