"""A sweep: a folder for each combination, one table, and going on."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from dagspec.compiler import parse
from dagspec.diagnostic import Source
from dagspec.runs import RunRecord, combine, parse_sweep
from dagspec.spec import Limits, read
from dagspec.train import Planned, Settings, TrainError, train_sweep
from dagspec.train.keeper import Keeper
from dagspec.train.processes import Processes
from tests.train.runs import QUICK, contents

SHORT = QUICK.replace("steps = 12", "steps = 3")


def plan(text: str, *sweeps: str) -> list[Planned]:
    runs = []
    for each in combine([parse_sweep(one) for one in sweeps]):
        spec = read(Source("short.dag", text), None, each.settings).spec
        assert spec is not None
        runs.append(Planned(each, spec))
    return runs


def sweep(out: Path, *sweeps: str, text: str = SHORT) -> int:
    settings = Settings(out=out, changed={"training.steps": "3"})
    return train_sweep(plan(text, *sweeps), settings)


SWEEP = ("objective.beta=1,4", "training.seed=0,1")
FOLDERS = [f"objective.beta={b},training.seed={s}" for b in (1, 4) for s in (0, 1)]


def test_each_combination_has_a_folder_and_all_share_a_table(tmp_path, capfd):
    out = tmp_path / "sweep"
    assert sweep(out, *SWEEP) == 0
    folders = sorted(path.name for path in out.iterdir() if path.is_dir())
    assert folders == FOLDERS
    betas = [parse((out / f / "spec.dag").read_text()).objective.beta for f in FOLDERS]
    assert betas == [1, 1, 4, 4]
    record = RunRecord.read(out / FOLDERS[3] / "run.json")
    assert record.settings == {
        "training.steps": "3",
        "objective.beta": "4",
        "training.seed": "1",
    }
    notes = (out / "notes.md").read_text()
    assert notes.startswith("# 4 runs compared\n")
    assert all(f"`{folder}`" in notes for folder in FOLDERS)
    last = capfd.readouterr().err.splitlines()[-1]
    assert last == f"the comparison of 4 runs is in {out / 'notes.md'}"


def test_a_sweep_that_is_stopped_goes_on_and_skips_what_is_finished(
    tmp_path, monkeypatch, capfd
):
    out = tmp_path / "sweep"
    end, steps = Keeper.on_train_batch_end, []

    def interrupted(self, *arguments):
        steps.append(self.module.done)
        if len(steps) == 5:  # the second step of the second run
            signal.raise_signal(signal.SIGINT)
        end(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "on_train_batch_end", interrupted)
        assert sweep(out, *SWEEP) == 130
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == FOLDERS[:2]
    assert json.loads((out / FOLDERS[1] / "status.json").read_text())["step"] == 2
    assert (out / "notes.md").read_text().startswith("# 2 runs compared\n")
    assert "the same command goes on with the sweep" in capfd.readouterr().err
    before = contents(out / FOLDERS[0])
    assert sweep(out, *SWEEP) == 0
    said = capfd.readouterr().err.splitlines()
    assert said[:3] == [
        f"run 1 of 4: {FOLDERS[0]}",
        "it is finished",
        f"run 2 of 4: {FOLDERS[1]}",
    ]
    assert "going on after step 2" in said
    assert contents(out / FOLDERS[0]) == before
    assert (out / "notes.md").read_text().startswith("# 4 runs compared\n")


def test_a_combination_that_fails_does_not_keep_the_others(tmp_path, capfd):
    out = tmp_path / "sweep"
    data = f'training.data=digits,"npz:{tmp_path}/none.npz",dsprites,toydata'
    assert sweep(out, data, text=SHORT.replace("data = digits, ", "")) == 1
    said = capfd.readouterr().err
    assert f"error: {tmp_path}/none.npz" in said
    assert "error: error[E80" in said  # images of another size
    assert "# 1 run compared" in (out / "notes.md").read_text()


def test_a_run_that_fails_on_its_way_does_not_keep_the_others(tmp_path):
    text = SHORT.replace("clip = 10, ", "")
    lr = "training.optimizer=sgd(lr = 1e12),adam(lr = 1e-3)"
    assert sweep(tmp_path / "sweep", lr, text=text) == 1
    states = {
        json.loads(path.read_text())["state"]
        for path in (tmp_path / "sweep").glob("*/status.json")
    }
    assert states == {"failed", "finished"}


def test_a_run_of_another_spec_is_an_error_of_its_own(tmp_path, capfd):
    out = tmp_path / "sweep"
    sweep(out, "objective.beta=1")
    wider = SHORT.replace("normal[2]", "normal[1]")
    assert sweep(out, "objective.beta=1,4", text=wider) == 1
    said = capfd.readouterr().err
    assert "`style` has 1 dimension, the checkpoint 2" in said
    assert "# 2 runs compared" in (out / "notes.md").read_text()


def test_the_folder_of_a_single_run_is_refused(quick):
    before = contents(quick)
    with pytest.raises(TrainError, match="holds a single run"):
        sweep(quick, "objective.beta=1")
    assert contents(quick) == before


def test_a_sweep_of_several_processes_is_refused(tmp_path, monkeypatch):
    several = Processes(rank=1, count=2, local=2)
    monkeypatch.setattr("dagspec.train.sweep.find_processes", lambda: several)
    with pytest.raises(TrainError, match="start it without torchrun"):
        sweep(tmp_path / "sweep", *SWEEP)
    assert not (tmp_path / "sweep").exists()


def test_a_finished_run_beyond_the_usual_limits_is_known_again(tmp_path, monkeypatch):
    sweep(tmp_path / "sweep", "training.seed=0")
    before = contents(tmp_path / "sweep")
    monkeypatch.setattr("dagspec.spec.DEFAULT", Limits(latents=1))
    settings = Settings(out=tmp_path / "sweep", quiet=True)
    with monkeypatch.context() as patch:
        patch.setattr("dagspec.spec.DEFAULT", Limits())
        runs = plan(SHORT, "training.seed=0")
    assert train_sweep(runs, settings) == 0
    assert contents(tmp_path / "sweep" / "training.seed=0") == {
        name.partition("/")[2]: value
        for name, value in before.items()
        if name.startswith("training.seed=0/")
    }
