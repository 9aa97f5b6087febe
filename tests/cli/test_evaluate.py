"""`dagspec evaluate` on the command line: the table, the record, the report, faults."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dagspec.cli import main
from tests.train.runs import QUICK
from tests.train.runs import run as train

FEW = ("--metrics", "mcc,active_units_kl", "--samples", "60")


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("digits") / "digits"
    assert train(out, QUICK).code == 0
    return out


@pytest.fixture
def trained(tmp_path, digits) -> Path:
    """A run of its own for each test."""
    return Path(shutil.copytree(digits, tmp_path / "digits"))


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", *map(str, arguments)])
    return int(stopped.value.code or 0)


def test_a_table_on_standard_output_and_the_files_in_the_run(trained, capfd):
    assert run(trained, *FEW) == 0
    out, err = capfd.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "tiny: digits, 60 test examples of digits"
    assert lines[1].startswith("-ELBO, nats ")
    assert any(line.startswith("MCC ") for line in lines)
    assert any(line.startswith("left out: causal: no process") for line in lines)
    report = trained / "evaluation/report.html"
    assert lines[-1] == f"the report is {report}"
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_is_the_record_and_nothing_else(trained, tmp_path, capfd):
    assert run(trained, *FEW, "--json", "-o", tmp_path / "out", "--seed", 3) == 0
    record = json.loads(capfd.readouterr().out)
    assert record == json.loads((tmp_path / "out/evaluation.json").read_text())
    assert record["metrics"].keys() == {"mcc", "active_units_kl"}
    assert (record["seed"], record["examples"]) == (3, 60)
    assert not (trained / "evaluation").exists()


def test_averaged_and_last_weights_differ(trained, capfd):
    losses: list[float] = []
    for weights in ("average", "last"):
        assert run(trained, *FEW, "--json", "--weights", weights) == 0
        record = json.loads(capfd.readouterr().out)
        assert record["weights"] == weights
        losses.append(record["bounds"]["negative_elbo"]["value"])
    assert losses[0] != losses[1]


def test_an_unknown_metric_is_misuse(trained, capfd):
    assert run(trained, "--metrics", "mcc,migg") == 2
    assert "there is no metric `migg`; did you mean `mig`?" in capfd.readouterr().err
    assert not (trained / "evaluation").exists()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda run: shutil.rmtree(run / "checkpoints"), "has no checkpoint"),
        (lambda run: (run / "run.json").unlink(), "holds no run.json"),
        (lambda run: (run / "evaluation").write_text(""), "cannot make folder"),
    ],
)
def test_what_is_wrong_with_a_run_is_one_line(fault, says, trained, capfd):
    fault(trained)
    assert run(trained, *FEW) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("error: ")
    assert says in err


def test_data_that_is_gone_is_one_line(trained, tmp_path, capfd):
    assert run(trained, *FEW, "--data", f"folder:{tmp_path}/gone") == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("error: ")
    assert "gone" in err


def test_data_of_another_shape_is_a_diagnostic(trained, capfd):
    assert run(trained, *FEW, "--data", "toydata") == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "error[E801]: `image` is [1, 8, 8], `toydata` has [1, 3, 3]" in err


@pytest.mark.parametrize("arguments", [(), ("a", "--samples", "3"), ("a", "--x")])
def test_misuse_is_exit_code_2(arguments):
    assert run(*arguments) == 2


def test_help_has_an_example(capfd):
    assert run("--help") == 0
    assert "dagspec evaluate runs/dsprites --metrics mig,dci" in capfd.readouterr().out
