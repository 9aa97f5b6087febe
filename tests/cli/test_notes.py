"""`dagspec notes` on the command line: one run, several, damaged ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagspec.cli import main
from tests.runs.made_up import make_run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two runs that differ in beta."""
    for beta in (1, 4):
        make_run(tmp_path / f"runs/beta{beta}", beta)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["notes", *arguments])
    return int(stopped.value.code or 0)


def test_the_notes_of_one_run_are_written_anew_and_printed(
    capfd: pytest.CaptureFixture[str],
):
    assert run("runs/beta1") == 0
    out, err = capfd.readouterr()
    assert out == Path("runs/beta1/notes.md").read_text()
    assert out.startswith("# dsprites: beta1\n")
    assert Path("runs/beta1/curves.png").exists()
    assert err == ""


def test_the_notes_of_one_run_can_go_elsewhere(capfd: pytest.CaptureFixture[str]):
    assert run("runs/beta1", "-o", "page.md") == 0
    assert capfd.readouterr() == ("page.md\n", "")
    assert "(page.png)" in Path("page.md").read_text()
    assert not Path("runs/beta1/notes.md").exists()


@pytest.mark.parametrize("paths", [["runs/beta1", "runs/beta4"], ["runs"]])
def test_several_runs_make_one_table(
    paths: list[str], capfd: pytest.CaptureFixture[str]
):
    assert run(*paths, "-o", "-") == 0
    out, err = capfd.readouterr()
    assert out.startswith("# 2 runs compared\n")
    assert "| run | `objective.beta` |" in out
    assert err == ""


def test_a_table_is_written_with_its_picture(capfd: pytest.CaptureFixture[str]):
    assert run("runs", "--out", "table.md") == 0
    assert capfd.readouterr() == ("table.md\n", "")
    assert "(table.png)" in Path("table.md").read_text()
    assert Path("table.png").read_bytes().startswith(b"\x89PNG")


def test_json_is_data(capfd: pytest.CaptureFixture[str]):
    assert run("runs", "--json") == 0
    record = json.loads(capfd.readouterr().out)
    settings = [each["settings"] for each in record["runs"]]
    assert settings == [{"objective.beta": "1"}, {"objective.beta": "4"}]


def test_json_of_one_run_is_a_comparison_of_one(capfd: pytest.CaptureFixture[str]):
    assert run("runs/beta4", "--json") == 0
    assert [each["name"] for each in json.loads(capfd.readouterr().out)["runs"]] == [
        "beta4"
    ]


def test_damaged_runs_are_named_and_the_rest_is_shown(
    capfd: pytest.CaptureFixture[str],
):
    Path("runs/beta4/status.json").write_text("{")
    assert run("runs", "nowhere") == 1
    out, err = capfd.readouterr()
    assert "| `beta1` |" in out
    lines = err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("error: runs/beta4/status.json is damaged: ")
    assert lines[1] == "error: nowhere is no run: it is no folder"


def test_one_damaged_run_is_one_line(capfd: pytest.CaptureFixture[str]):
    Path("runs/beta4/run.json").write_text("{")
    assert run("runs/beta4") == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("error: runs/beta4/run.json is damaged: ")
    assert err.count("\n") == 1


def test_a_page_that_cannot_be_written_is_one_line(capfd: pytest.CaptureFixture[str]):
    assert run("runs", "-o", "nowhere/table.md") == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("error: cannot write nowhere/table.")


@pytest.mark.parametrize(
    "arguments", [(), ("runs", "-o", "spec.dag"), ("runs", "-o", "x.png"), ("a", "--x")]
)
def test_misuse_is_exit_code_2(arguments: tuple[str, ...]):
    assert run(*arguments) == 2


def test_torch_is_never_imported():
    code = (
        "import sys; from dagspec.cli import main\n"
        "try: main(['notes', 'runs', '-o', 'table.md'])\n"
        "finally: print('torch' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stderr == "False\n"
