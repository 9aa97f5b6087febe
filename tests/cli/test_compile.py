"""`dagspec compile` on the command line: where it writes, and whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dagspec
from dagspec.atomic import write_whole
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
        main(["compile", *arguments])
    return int(stopped.value.code or 0)


def source() -> str:
    return dagspec.emit(dagspec.lower(dagspec.load("tiny.dag")), standalone=True)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err


def test_default_place_is_named_after_the_model(capsys: pytest.CaptureFixture[str]):
    assert run("tiny.dag") == 0
    assert capsys.readouterr() == (f"{Path('build/tiny.py')}\n", "")
    assert Path("build/tiny.py").read_text() == source()


def test_out_chooses_the_place(capsys: pytest.CaptureFixture[str]):
    assert run("tiny.dag", "-o", "model.py") == 0
    assert capsys.readouterr() == ("model.py\n", "")
    assert Path("model.py").read_text() == source()


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]):
    assert run("tiny.dag", "-o", "-") == 0
    assert capsys.readouterr() == (source(), "")
    assert not Path("build").exists()


def test_an_older_file_is_replaced(folder: Path):
    Path("model.py").write_text("old")
    assert run("tiny.dag", "-o", "model.py") == 0
    assert Path("model.py").read_text() == source()
    assert sorted(os.listdir(folder)) == ["model.py", "tiny.dag"]


def test_an_older_file_outlives_a_write_that_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    Path("model.py").write_text("old")
    monkeypatch.setattr(os, "replace", full)
    assert run("tiny.dag", "-o", "model.py") == 1
    assert "cannot write model.py: No space left on device" in one_line(capsys)
    assert Path("model.py").read_text() == "old"
    assert sorted(os.listdir(folder)) == ["model.py", "tiny.dag"]


def test_nothing_is_written_of_a_faulty_spec(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "tiny.dag").write_text(SPEC + "b -> a\n")
    assert run("tiny.dag") == 1
    assert "error[" in capsys.readouterr().err
    assert os.listdir(folder) == ["tiny.dag"]


@pytest.mark.parametrize("out", [".", "nowhere/model.py", "tiny.dag/model.py", ""])
def test_a_place_that_cannot_be_written_is_one_line(
    out: str, capsys: pytest.CaptureFixture[str]
):
    assert run("tiny.dag", "-o", out) == 1
    assert f"cannot write {Path(out)}: " in one_line(capsys)


def test_a_file_in_the_place_of_the_folder_is_one_line(
    capsys: pytest.CaptureFixture[str],
):
    Path("build").write_text("")
    assert run("tiny.dag") == 1
    assert "Not a directory" in one_line(capsys)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_one_line(capsys: pytest.CaptureFixture[str]):
    Path("closed").mkdir(mode=0o500)
    assert run("tiny.dag", "-o", "closed/model.py") == 1
    assert "Permission denied" in one_line(capsys)


@pytest.mark.parametrize("arguments", [(), ("tiny.dag", "--ou", "x"), ("a", "b")])
def test_misuse_is_exit_code_2(arguments: tuple[str, ...]):
    assert run(*arguments) == 2


def test_a_replaced_file_keeps_its_mode():
    Path("model.py").write_text("old")
    Path("model.py").chmod(0o640)
    write_whole(Path("model.py"), b"new")
    assert Path("model.py").stat().st_mode & 0o777 == 0o640


def test_a_link_still_leads_to_the_file():
    Path("real.py").write_text("old")
    Path("model.py").symlink_to("real.py")
    write_whole(Path("model.py"), b"new")
    assert Path("model.py").is_symlink()
    assert Path("real.py").read_text() == "new"


def test_a_device_stays_one():
    Path("null").symlink_to(os.devnull)
    write_whole(Path("null"), b"new")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("verb", ["show", "compile"])
def test_torch_is_never_imported(verb: str):
    code = (
        "import sys; from dagspec.cli import main\n"
        f"try: main(['{verb}', 'tiny.dag'])\n"
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


def test_a_spec_is_never_written_over(capsys: pytest.CaptureFixture[str]):
    before = Path("tiny.dag").read_text()
    assert run("tiny.dag", "-o", "tiny.dag") == 2
    assert "end it in .py" in one_line(capsys)
    assert Path("tiny.dag").read_text() == before
