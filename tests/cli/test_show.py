"""`dagspec show` on the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from dagspec.cli import main

SPEC = """\
model tiny "The smallest."
observe image: bernoulli[1, 8, 8]
latent a, b: normal[1]
a -> b
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that holds tiny.dag."""
    (tmp_path / "tiny.dag").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["show", *arguments])
    return int(stopped.value.code or 0)


@pytest.mark.parametrize(
    ("option", "start"),
    [
        ((), "tiny: The smallest.\n"),
        (("--math",), "Features\n"),
        (("--latex",), "\\paragraph{Features}\n"),
        (("--math", "--latex"), "\\paragraph{Features}\n"),
        (("--plan",), "plan tiny, seed 0\n"),
    ],
)
def test_each_option_prints_its_view(
    option: tuple[str, ...], start: str, capsys: pytest.CaptureFixture[str]
):
    assert run("tiny.dag", *option) == 0
    out, err = capsys.readouterr()
    assert out.startswith(start)
    assert err == ""


def test_plan_and_formulas_can_be_had_together(capsys: pytest.CaptureFixture[str]):
    assert run("tiny.dag", "--plan", "--math") == 0
    out = capsys.readouterr().out
    assert out.startswith("plan tiny")
    assert "\n\nFeatures\n" in out


def test_json_is_one_record(capsys: pytest.CaptureFixture[str]):
    assert run("tiny.dag", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["model"] == {"name": "tiny", "description": "The smallest."}
    assert found["edges"] == [["a", "b"]]


def test_reads_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    given = io.TextIOWrapper(io.BytesIO(SPEC.encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert run("-") == 0
    assert capsys.readouterr().out.startswith("tiny: The smallest.\n")


@pytest.mark.parametrize("text", ["", "model tiny\n", SPEC + "b -> a\n", "\0"])
def test_a_faulty_spec_is_reported_and_nothing_is_shown(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "bad.dag").write_text(text)
    assert run("bad.dag") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[" in err


@pytest.mark.parametrize("path", ["missing.dag", "."])
def test_what_cannot_be_read_is_one_error(
    path: str, capsys: pytest.CaptureFixture[str]
):
    assert run(path) == 1
    assert capsys.readouterr().err.count("error") == 2  # the error and the summary


@pytest.mark.parametrize("arguments", [(), ("tiny.dag", "--maths"), ("tiny.dag", "b")])
def test_misuse_is_exit_code_2(arguments: tuple[str, ...]):
    assert run(*arguments) == 2


def test_formulas_are_utf_8_whatever_the_terminal_speaks():
    done = subprocess.run(
        [sys.executable, "-m", "dagspec", "show", "tiny.dag", "--math"],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"},
    )
    assert "KL_b" in done.stdout.decode()
    assert done.stderr == b""
