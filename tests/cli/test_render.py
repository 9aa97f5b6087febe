from __future__ import annotations

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
STARTS = {
    "svg": "<?xml",
    "png": "\N{REPLACEMENT CHARACTER}PNG",
    "pdf": "%PDF-",
    "dot": "digraph",
    "mmd": "---",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that holds tiny.dag."""
    (tmp_path / "tiny.dag").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["render", *arguments])
    return int(stopped.value.code or 0)


def start(path: str) -> str:
    return Path(path).read_bytes().decode(errors="replace")


@pytest.mark.parametrize(
    ("view", "path"),
    [
        ("concept", "build/tiny.svg"),
        ("inference", "build/tiny.inference.svg"),
        ("architecture", "build/tiny.architecture.svg"),
    ],
)
def test_default_place_is_named_after_model_and_view(
    view: str, path: str, capsys: pytest.CaptureFixture[str]
):
    assert run("tiny.dag", "--view", view) == 0
    assert start(path).startswith("<?xml")
    assert capsys.readouterr() == (f"{Path(path)}\n", "")


@pytest.mark.parametrize("suffix", STARTS)
def test_suffix_chooses_the_format(suffix: str):
    assert run("tiny.dag", "-o", f"out.{suffix}") == 0
    assert start(f"out.{suffix}").startswith(STARTS[suffix])


def test_format_is_written_whatever_the_suffix():
    assert run("tiny.dag", "-o", "out.txt", "--format", "mmd") == 0
    assert start("out.txt").startswith("---")


def test_format_names_the_default_file():
    assert run("tiny.dag", "--format", "dot") == 0
    assert start("build/tiny.dot").startswith("digraph")


def test_dash_prints_dot_and_nothing_else(capfdbinary: pytest.CaptureFixture[bytes]):
    assert run("tiny.dag", "-o", "-") == 0
    out, err = capfdbinary.readouterr()
    assert out.startswith(b'digraph "tiny" {\n')
    assert out.endswith(b"}\n")
    assert err == b""


def test_dash_prints_the_format_asked_for(capfdbinary: pytest.CaptureFixture[bytes]):
    assert run("tiny.dag", "-o", "-", "--format", "png") == 0
    assert capfdbinary.readouterr().out.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "misuse",
    [
        ("-o", "out.gif"),
        ("-o", "out"),
        ("--view", "conept"),
        ("--format", "gif"),
        ("--limit", "sense=1"),
    ],
)
def test_misuse_exits_with_2_and_writes_nothing(misuse: tuple[str, str], folder: Path):
    assert run("tiny.dag", *misuse) == 2
    assert [path.name for path in folder.iterdir()] == ["tiny.dag"]


def test_missing_folder_is_one_line(capsys: pytest.CaptureFixture[str]):
    assert run("tiny.dag", "-o", "nowhere/out.dot") == 1
    said = capsys.readouterr()
    assert said.out == ""
    path = Path("nowhere/out.dot")
    assert said.err == f"error: cannot write {path}: there is no folder nowhere\n"


def test_file_in_the_way_of_the_folder_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "build").write_text("")
    assert run("tiny.dag") == 1
    assert capsys.readouterr().err.startswith("error: cannot make folder build: ")


def test_spec_at_fault_exits_with_1_and_its_diagnostics(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "bad.dag").write_text(SPEC + "b -> a\n")
    assert run("bad.dag") == 1
    said = capsys.readouterr()
    assert "cycle" in said.err
    assert said.out == ""
    assert not (folder / "build").exists()


def test_missing_spec_exits_with_1():
    assert run("nothing.dag") == 1


def test_picture_needs_no_torch():
    code = (
        "import sys; from dagspec.cli import main\n"
        "try: main(['render', 'tiny.dag'])\n"
        "finally: assert 'torch' not in sys.modules"
    )
    root = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": root, "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "first", ["dagspec", "dagspec.pictures.grid", "dagspec.pictures"]
)
def test_render_is_a_function_whatever_was_imported_before(first: str):
    code = (
        f"import {first}\n"
        "import dagspec\n"
        "spec = dagspec.load('tiny.dag')\n"
        "assert dagspec.render(spec, view='concept').source.startswith('digraph')"
    )
    root = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": root, "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
