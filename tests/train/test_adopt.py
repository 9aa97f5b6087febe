"""`--adopt`: a run of another spec takes over what fits, and loses nothing."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from dagspec.checkpoint import Shelf, load_model
from dagspec.checkpoint.shelf import step_file
from dagspec.compiler import parse
from dagspec.train import Settings, TrainError
from dagspec.train.keeper import Keeper
from dagspec.train.opening import open_run
from dagspec.train.processes import Processes
from tests.train.runs import QUICK, CutOff, assert_same, contents, cut_off_after, run

# One concept is wider, so what belongs to it does not fit.
WIDER = QUICK.replace("normal[2]", "normal[3]")


def adopt(out: Path, quiet: bool = True):
    return run(out, WIDER, continue_training=True, adopt=True, quiet=quiet)


def test_what_fits_is_taken_over_and_the_rest_is_listed(quick, capfd):
    before = contents(quick)
    donor, _ = Shelf(quick / "checkpoints").newest()
    assert donor is not None
    with cut_off_after(1):
        adopt(quick, quiet=False)
    aside = quick.with_name("run.before-1")
    assert contents(aside) == before
    said = capfd.readouterr().err
    assert "taken over: " in said
    assert f"the earlier run is now {aside}" in said
    first, _ = Shelf(quick / "checkpoints").newest()
    assert first is not None
    assert first.step == 0
    weights, own = donor.part("average"), first.part("model")
    fits = {
        key for key in weights if key in own and own[key].shape == weights[key].shape
    }
    assert len(fits) > 20
    assert all(torch.equal(own[key], weights[key]) for key in fits)
    assert all(torch.equal(first.part("average")[key], weights[key]) for key in fits)
    listed = [line for line in said.splitlines() if line.startswith("no place")]
    for key in weights.keys() - fits:
        assert key in listed[0]
    assert "heads.style.1.weight" in listed[0]


def test_the_first_step_starts_from_what_was_taken_over(quick, monkeypatch):
    begin, seen = Keeper.on_train_start, {}

    def look(self, *arguments):
        begin(self, *arguments)
        seen.update({k: v.clone() for k, v in self.module.model.state_dict().items()})
        raise CutOff

    donor = load_model(step_file(quick / "checkpoints", 12)).state_dict()
    monkeypatch.setattr(Keeper, "on_train_start", look)
    with pytest.raises(CutOff):
        adopt(quick)
    assert torch.equal(seen["heads.digit.1.weight"], donor["heads.digit.1.weight"])


@pytest.mark.parametrize(
    ("moment", "again"),
    [
        ("written", True),
        ("moved", True),
        ("moved", False),
        ("placed", False),
        ("stepped", True),
    ],
)
def test_a_kill_at_any_moment_loses_nothing(
    tmp_path, quick, adopted, monkeypatch, moment, again
):
    before = contents(quick)
    rename, renamed = os.rename, []

    def killed(source, target):
        if moment == "written":
            raise CutOff
        rename(source, target)
        renamed.append(target)
        if (moment, len(renamed)) in {("moved", 1), ("placed", 2)}:
            raise CutOff

    with monkeypatch.context() as patch:
        patch.setattr("dagspec.train.opening.os.rename", killed)
        with cut_off_after(3):
            adopt(quick)
    kept = quick if moment == "written" else quick.with_name("run.before-1")
    assert contents(kept) == before
    outcome = run(quick, WIDER, continue_training=True, adopt=again)
    assert outcome.code == 0
    assert_same(adopted, quick)
    assert contents(quick.with_name("run.before-1")) == before
    assert not quick.with_name("run.before-2").exists()
    assert not quick.with_name(".run.new").exists()


@pytest.fixture(scope="module")
def adopted(tmp_path_factory) -> Path:
    """A run that took over another one and was never killed."""
    out = tmp_path_factory.mktemp("adopted") / "run"
    run(out, QUICK)
    assert adopt(out).code == 0
    return out


def test_the_units_of_labels_are_those_of_the_data(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.random((90, 8, 8), np.float32)
    near, far = rng.normal(5, 2, 90), rng.normal(-70, 9, 90)
    np.savez(tmp_path / "x.npz", allow_pickle=False, x=x, near=near, far=far)
    text = QUICK.replace("data = digits", f'data = "npz:{tmp_path}/x.npz"')
    text = text.replace("categorical[10]", "normal[1]")
    near, far = text.replace('"digit"', '"near"'), text.replace('"digit"', '"far"')
    run(tmp_path / "run", near)
    run(tmp_path / "run", far, continue_training=True, adopt=True)
    mean = load_model(tmp_path / "run").state_dict()["labels.digit.mean"]
    assert mean.item() == pytest.approx(-70, abs=5)


def test_several_processes_are_refused(quick):
    before = contents(quick)
    settings = Settings(out=quick, continue_training=True, adopt=True)
    other = parse(QUICK.replace("normal[2]", "normal[3]"))
    with pytest.raises(TrainError, match="--adopt is for one process"):
        open_run(other, settings, Processes(rank=1, count=2, local=2))
    assert contents(quick) == before
