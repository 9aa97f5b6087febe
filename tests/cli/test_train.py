"""`dagspec train` on the command line: what is typed, what is refused, how it exits."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from dagspec.cli import main
from dagspec.compiler import load
from dagspec.runs import RunRecord
from dagspec.spec import Limits

SPEC = """\
model short
observe image: bernoulli[1, 8, 8]
features { widths = [4, 4], readout = 2 }
latent digit: bernoulli[2]
training { data = digits, batch = 16, steps = 2, validate_on = 10 }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a spec."""
    monkeypatch.chdir(tmp_path)
    Path("short.dag").write_text(SPEC)
    return tmp_path


def train(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["train", *arguments])
    return int(stopped.value.code or 0)


def names() -> set[str]:
    return {path.name for path in Path().iterdir()}


def test_a_run_goes_to_runs_and_the_folder_alone_goes_on(capfd):
    assert train("short.dag") == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert err.endswith(
        "finished after 2 steps\nthe notes are in runs/short/notes.md\n"
    )
    assert train("runs/short", "--continue-training") == 0
    assert "nothing is left to do after step 2" in capfd.readouterr().err
    assert train("runs/short", "--continue-training", "--steps", "3") == 0
    assert "changed: `training.steps` is 3, the checkpoint has 2" in (
        capfd.readouterr().err
    )
    record = RunRecord.read(Path("runs/short/run.json"))
    assert (record.steps, record.settings) == (3, {"training.steps": "3"})


def test_what_is_set_reaches_the_spec_and_the_record():
    options = ["--set", "training.batch=8", "--set", "latent.digit.kl_weight=2"]
    flags = ["--steps", "1", "--seed", "5", "--precision", "bf16", "--data", "digits"]
    assert train("short.dag", "--out", "a run", *options, *flags) == 0
    spec = load("a run/spec.dag")
    training = spec.training
    assert (training.batch, training.steps, training.seed) == (8, 1, 5)
    assert (training.precision, training.data) == ("bf16", "digits")
    assert spec.latents[0].kl_weight == 2
    record = RunRecord.read(Path("a run/run.json"))
    assert record.settings == {
        "training.batch": "8",
        "latent.digit.kl_weight": "2",
        "training.data": '"digits"',
        "training.steps": "1",
        "training.seed": "5",
        "training.precision": "bf16",
    }
    assert (record.batch, record.seed, record.steps) == (8, 5, 1)
    notes = Path("a run/notes.md").read_text()
    assert "dagspec train 'a run' --continue-training" in notes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "training.batch=-4"], "error[E"),
        (["--set", "training.bach=4"], "did you mean `batch`?"),
        (["--set", "latent.digti.kl_weight=2"], "did you mean `digit`?"),
        (["--set", "batch"], "--set batch:1:1"),
        (["--data", "dsprite"], "error: there is no data set `dsprite`; did you"),
        (["--data", "npz:none.npz"], "error: none.npz"),
        (["--data", "dsprites"], "error[E80"),
        (["--sweep", "objective.beta=-1,2,-3"], "--set objective.beta=-3"),
        (["--sweep", "objective.beta=-1,2,-3"], "--set objective.beta=-1"),
    ],
)
def test_what_is_wrong_with_the_input_leaves_nothing_behind(arguments, said, capfd):
    assert train("short.dag", *arguments) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert names() == {"short.dag"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("data = digits, ", "", "error: there is nothing to train on: write `data"),
        ("steps = 2, ", "", "error: how long is the run? Write `steps = 10_000`"),
        ("bernoulli[2]", 'normal[1] { label = "digit" }', "error[E803]"),
        ("bernoulli[2]", 'normal[1] { label = "scale" }', "error[E802]"),
        ("[1, 8, 8]", "[3, 8, 8]", "error[E80"),
    ],
)
def test_a_spec_that_cannot_be_trained_leaves_nothing_behind(old, new, said, capfd):
    Path("short.dag").write_text(SPEC.replace(old, new))
    assert train("short.dag") == 1
    err = capfd.readouterr().err
    assert said in err
    if "error[" in said:
        assert "--> short.dag:" in err
    assert names() == {"short.dag"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--adopt"], "goes with --continue-training"),
        (["--steps", "0"], "--steps"),
        (["--seed", "-1"], "--seed"),
        (["--precision", "16"], "--precision"),
        (["--broken", "ignore"], "--broken"),
        (["--limit", "x=1"], "--limit"),
        (["--sweep", "objective.beta"], "is no option with its values"),
        (["--sweep", "objective.beta=1,1"], "has one value twice"),
        (
            ["--sweep", "objective.beta=1", "--sweep", "objective.beta=2"],
            "objective.beta is swept twice",
        ),
    ],
)
def test_misuse_exits_with_2(arguments, said, capfd):
    assert train("short.dag", *arguments) == 2
    assert said in capfd.readouterr().err
    assert names() == {"short.dag"}


def test_a_folder_without_a_run_is_no_spec(capfd):
    Path("empty").mkdir()
    assert train("empty", "--continue-training") == 1
    assert "empty/spec.dag" in capfd.readouterr().err


def test_another_spec_is_refused_with_a_list(capfd):
    assert train("short.dag") == 0
    Path("short.dag").write_text(SPEC.replace("bernoulli[2]", "bernoulli[3]"))
    capfd.readouterr()
    assert train("short.dag", "--continue-training") == 1
    assert capfd.readouterr().err.splitlines() == [
        "error: the spec is not the one that runs/short was trained with:",
        "  - `digit` has 3 dimensions, the checkpoint 2",
        "Start a new run with another --out, add --adopt to take over every weight "
        "that still fits, or go on with the run's own spec:",
        "  dagspec train runs/short --continue-training",
    ]


def test_a_sweep_ends_in_a_table_that_notes_can_make_again(capfd):
    assert train("short.dag", "--out", "all", "--sweep", "objective.beta=1,4") == 0
    runs = ["all/objective.beta=1", "all/objective.beta=4"]
    assert [load(f"{run}/spec.dag").objective.beta for run in runs] == [1, 4]
    page = Path("all/notes.md").read_text()
    assert page.startswith("# 2 runs compared\n")
    capfd.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["notes", "all", "-o", "again.md"])
    assert not stopped.value.code
    assert Path("again.md").read_text() == page.replace("notes.png", "again.png")


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("pytorch_lightning", ["train", "short.dag"]),
        ("matplotlib", ["train", "short.dag"]),
        ("matplotlib", ["notes", "runs"]),
    ],
)
def test_a_package_that_is_missing_is_one_line(module, arguments):
    if arguments[0] == "notes":
        assert train("short.dag") == 0
    before = names()
    code = f"import sys; sys.modules[{module!r}] = None; sys.argv[0] = 'dagspec'\n"
    code += f"from dagspec.cli import main; main({arguments})"
    environment = {"OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"error: `{module}` is not installed: pip install 'dagspec[train]'"
    )
    assert "Traceback" not in done.stderr
    assert names() == before


def test_a_sweep_reads_standard_input_once(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(SPEC.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert train("-", "--out", "all", "--sweep", "objective.beta=1,4") == 0
    assert load("all/objective.beta=4/spec.dag").objective.beta == 4


def test_a_file_may_be_illegal_without_what_a_sweep_sets():
    text = SPEC.replace("steps = 2", "steps = 2, patience = 9")
    Path("short.dag").write_text(text)
    sweep = ("--sweep", "training.validate_every=1 steps,2 steps")
    assert train("short.dag", "--out", "all", *sweep) == 0
    assert len([*Path("all").glob("*/run.json")]) == 2


def test_a_run_beyond_the_usual_limits_goes_on_from_its_own_folder(monkeypatch):
    assert train("short.dag") == 0
    monkeypatch.setattr("dagspec.cli.report.parse_limits", lambda _: Limits(latents=0))
    monkeypatch.setattr("dagspec.cli.train.parse_limits", lambda _: Limits(latents=0))
    assert train("short.dag", "--out", "again") == 1
    assert train("runs/short", "--continue-training", "--steps", "3") == 0


def test_what_does_not_suit_the_data_is_shown_where_it_was_said(capfd):
    Path("short.dag").write_text(SPEC.replace("bernoulli[2]", "bernoulli[1]"))
    options = ("--data", "dsprites", "--set", 'latent.digit.label="size"')
    assert train("short.dag", *options) == 1
    said = capfd.readouterr().err
    assert '--set training.data="dsprites"' in said
    assert '--set latent.digit.label="size"' in said
    assert "data = digits" not in said


def test_a_name_that_is_too_long_is_one_error(capfd):
    assert train("x" * 300) == 1
    assert "Traceback" not in capfd.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["notes", "x" * 300])
    assert stopped.value.code == 1
    assert "Traceback" not in capfd.readouterr().err
