"""What `--continue-training` accepts, what it refuses, when nothing is left to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dagspec.checkpoint import Shelf
from dagspec.compiler import parse
from dagspec.runs import RunError, RunRecord, read_metrics
from dagspec.train import TrainError
from tests.train.runs import (
    QUICK,
    TINY,
    CutOff,
    assert_same,
    changed,
    contents,
    cut_off_after,
    run,
)


def test_a_run_that_was_killed_before_its_first_checkpoint_starts_anew(tmp_path, whole):
    out = tmp_path / "run"
    with cut_off_after(8):
        run(out)
    assert not (out / "checkpoints").exists()
    assert run(out, continue_training=True).code == 0
    assert_same(whole, out)


def test_a_finished_run_says_that_nothing_is_left(quick, capfd):
    before = contents(quick)
    outcome = run(quick, QUICK, continue_training=True, quiet=False)
    assert (outcome.state, outcome.code, outcome.step) == ("finished", 0, 12)
    lines = capfd.readouterr().err.splitlines()
    assert lines[-1] == "nothing is left to do after step 12; set more `steps` to go on"
    assert contents(quick) == before


def test_a_run_that_was_killed_before_its_notes_gets_them(tmp_path, quick):
    out = tmp_path / "cut"
    with cut_off_after(12):
        run(out, QUICK)
    assert json.loads((out / "status.json").read_text())["state"] == "running"
    assert run(out, QUICK, continue_training=True).code == 0
    for name in ("curves.png", "pictures.png"):
        assert (out / name).read_bytes() == (quick / name).read_bytes()
    assert "**Finished** after 12 steps" in (out / "notes.md").read_text()
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "finished"
    assert status["concepts"].keys() == {"digit", "style"}


def test_a_run_that_was_killed_before_its_last_status_gets_it(
    tmp_path, quick, monkeypatch
):
    out, put = tmp_path / "cut", Shelf.put

    def cut(self, checkpoint, best=False):
        put(self, checkpoint, best)
        if checkpoint.step == 12:
            raise CutOff

    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "put", cut)
        with pytest.raises(CutOff):
            run(out, QUICK)
    assert run(out, QUICK, continue_training=True).code == 0
    found, expected = (
        json.loads((path / "status.json").read_text()) for path in (out, quick)
    )
    assert found.pop("goes_on").endswith(f"{out} --continue-training --steps 24")
    del expected["goes_on"]
    assert found == expected
    notes, whole = (
        (path / "notes.md").read_text().partition("## Concepts")[2]
        for path in (out, quick)
    )
    assert notes.partition("## What")[0] == whole.partition("## What")[0]


def test_the_command_of_a_run_that_ended_by_patience_goes_on(tmp_path):
    text = changed("patience = 1", "optimizer = adam(lr = 1e-12)", text=QUICK)
    text = text.replace("validate_every = 12", "validate_every = 2")
    out = tmp_path / "run"
    outcome = run(out, text)
    assert outcome.reason.startswith("no better ELBO")
    words = json.loads((out / "status.json").read_text())["goes_on"].split()
    assert words[-3:] == ["--continue-training", "--set", "training.patience=2"]
    patient = text.replace("patience = 1", "patience = 2")
    assert run(out, patient, continue_training=True).step > outcome.step


def test_a_run_goes_on_in_the_folder_one_stands_in(tmp_path, monkeypatch, whole):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run(Path(), continue_training=True).code == 0
    assert_same(whole, tmp_path / "here")


def test_percentages_stay_those_of_the_first_length(cut):
    longer = TINY.replace("steps = 40", "steps = 60")
    assert run(cut, longer, continue_training=True).code == 0
    beta = read_metrics(cut / "metrics.csv").get("train", "beta")
    by_step = dict(zip(beta.steps, beta.values, strict=True))
    assert by_step[14] == pytest.approx(14 / 20)
    assert by_step[28] == 1
    assert RunRecord.read(cut / "run.json").steps == 60
    assert parse((cut / "spec.dag").read_text()).training.steps == 60


def test_a_shorter_length_ends_the_run_earlier(cut):
    assert run(cut, TINY.replace("= 40", "= 25"), continue_training=True).step == 25
    assert run(cut, TINY.replace("= 40", "= 20"), continue_training=True).step == 25


def test_how_often_and_how_fast_may_change(cut, whole, capfd):
    text = changed("workers = 1", "patience = 5")
    text = text.replace("17 steps", "13 steps").replace("9 steps", "8 steps")
    assert run(cut, text, continue_training=True, quiet=False).code == 0
    told = [line for line in capfd.readouterr().err.splitlines() if "changed" in line]
    assert len(told) == 4
    old, new = (read_metrics(each / "metrics.csv") for each in (whole, cut))
    assert old.get("train", "loss") == new.get("train", "loss")
    assert list(new.get("validation", "elbo").steps) == [17, 26, 39, 40]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("normal[2]", "normal[1]", "`style` has 1 dimension, the checkpoint 2"),
        (
            "batch = 32",
            "batch = 16",
            "`training.batch` is 16, the checkpoint has 32",
        ),
        ("digit -> style", "", "`digit -> style` is gone"),
    ],
)
def test_another_spec_is_refused_in_its_own_words(cut, old, new, said):
    before = contents(cut)
    with pytest.raises(TrainError) as error:
        run(cut, TINY.replace(old, new), continue_training=True)
    assert f"\n  - {said}" in str(error.value)
    assert "--adopt" in str(error.value)
    assert contents(cut) == before


def test_a_run_is_not_written_over(quick):
    before = contents(quick)
    with pytest.raises(RunError, match="holds an earlier run: go on with it by"):
        run(quick, QUICK)
    assert contents(quick) == before


def test_a_folder_of_something_else_is_not_gone_on_with(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(RunError, match=r"is no run: it holds no run\.json"):
        run(tmp_path, QUICK, continue_training=True)
    assert contents(tmp_path).keys() == {"letter.txt"}


# Of three validations none can be better than the first: nothing is learned.
STALE = changed("patience = 2", "optimizer = sgd(lr = 1e-30)", text=QUICK).replace(
    "every = 12", "every = 3"
)


def test_a_run_without_better_validations_ends_with_a_reason(tmp_path, capfd):
    out = tmp_path / "run"
    outcome = run(out, STALE, quiet=False)
    assert (outcome.state, outcome.code, outcome.step) == ("finished", 0, 9)
    assert outcome.reason == "no better ELBO in 2 validations"
    last = capfd.readouterr().err.splitlines()[-2:]
    assert last == [
        "finished after 9 steps: no better ELBO in 2 validations",
        f"the notes are in {out / 'notes.md'}",
    ]
    notes = (out / "notes.md").read_text()
    assert "after 9 steps of 12: no better ELBO in 2 validations." in notes
    # It stays finished, and more patience is more steps.
    before = contents(out)
    assert run(out, STALE, continue_training=True).step == 9
    assert contents(out) == before
    more = STALE.replace("patience = 2", "patience = 3")
    assert run(out, more, continue_training=True).step == 12
