"""run.json and status.json: read back as written, or one line about what is wrong."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest

from dagspec.runs import ConceptRow, RunError, RunRecord, RunStatus
from tests.runs.made_up import record, status


def test_a_record_reads_back(tmp_path: Path):
    record(seed=2**62, epoch=0.1 + 0.2).write(tmp_path / "run.json")
    assert RunRecord.read(tmp_path / "run.json") == record(seed=2**62, epoch=0.1 + 0.2)


def test_a_status_reads_back_with_its_concepts_in_order(tmp_path: Path):
    status().write(tmp_path / "status.json")
    back = RunStatus.read(tmp_path / "status.json")
    assert back == status()
    assert list(back.concepts) == ["shape", "scale", "pos_x", "_odd_"]


def test_a_file_is_readable_as_it_is(tmp_path: Path):
    record().write(tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text()
    assert '\n  "description": "Five concepts | behind a `sprite` ∀",\n' in text
    assert json.loads(text)["batch"] == 64


def test_the_same_record_gives_the_same_bytes(tmp_path: Path):
    for name in ("a", "b"):
        status().write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_survives(tmp_path: Path, value: float):
    row = ConceptRow(kl=value, active=0, units=1, dim=1, family="normal", mu_mean=value)
    failed = RunStatus(
        state="failed",
        step=7,
        last=(7, value),
        concepts={"a": row},
        labels={"a.rmse": value},
    )
    failed.write(tmp_path / "status.json")
    back = RunStatus.read(tmp_path / "status.json")
    assert back.last
    numbers = (back.last[1], back.concepts["a"].mu_mean, back.labels["a.rmse"])
    assert str(numbers) == str((value,) * 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Invalid JSON"),
        ('{"state": "finished", "st', "Invalid JSON"),
        ("[]", "should be an object"),
        ('{"state": "finished"}', "`step`: Field required"),
        ('{"state": "asleep", "step": 1}', "`state`: Input should be 'running'"),
        ('{"state": "failed", "step": -1}', "`step`: Input should be greater"),
        ('{"state": "failed", "step": 1, "x": 2}', "`x`: Extra inputs"),
        ('{"state": "failed", "step": 1, "best": [1]}', r"`best.1`: Field required"),
    ],
)
def test_a_damaged_file_is_one_line_that_names_it(
    tmp_path: Path, text: str, reason: str
):
    path = tmp_path / "status.json"
    path.write_text(text)
    with pytest.raises(RunError) as caught:
        RunStatus.read(path)
    message = str(caught.value)
    assert message.startswith(f"{path} is damaged: ")
    assert reason in message
    assert "\n" not in message


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path):
    (tmp_path / "run.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunError, match=r"run\.json is damaged: it is not UTF-8$"):
        RunRecord.read(tmp_path / "run.json")


def test_a_missing_file_is_one_line(tmp_path: Path):
    with pytest.raises(RunError, match=r"^cannot read .*: No such file or directory$"):
        RunRecord.read(tmp_path / "run.json")


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "status.json"
    status(step=1).write(path)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match=r"^cannot write .*: No space left on device$"):
        status(step=2).write(path)
    assert RunStatus.read(path).step == 1
    assert os.listdir(tmp_path) == ["status.json"]
