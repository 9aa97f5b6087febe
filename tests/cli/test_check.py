"""`dagspec check`, and what all verbs share, as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagspec.cli import VERBS, main
from dagspec.cli.report import load_or_exit
from dagspec.diagnostic import DagSpecError, InternalError

ROOT = Path(__file__).parents[2]
GOOD = """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
"""
BAD = GOOD + "shape => scale\nlatent shape normal[1]\n"
ODD = GOOD.replace("normal[1]", "normal[512]")


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(each) for each in arguments])
    assert isinstance(done.value.code, int)
    return done.value.code


def shell(
    *arguments: str, text: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dagspec", *arguments],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def write(name: str, text: str) -> Path:
        Path(name).write_text(text, "utf-8")
        return Path(name)

    return write


def test_a_good_file_is_passed_in_silence(write, capsys) -> None:
    assert run("check", write("a.dag", GOOD)) == 0
    assert capsys.readouterr() == ("", "")


def test_every_error_is_shown_and_counted(write, capsys) -> None:
    assert run("check", write("a.dag", BAD)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert (
        err
        == """\
error[E115]: an edge is written `->`, not `=>`
 --> a.dag:4:7
  |
4 | shape => scale
  |       ^^
  |
  = help: write `->`

error[E112]: a `:` is missing between `shape` and `normal`
 --> a.dag:5:14
  |
5 | latent shape normal[1]
  |              ^^^^^^ the family
  |
  = help: write `shape: normal`

2 errors
"""
    )


def test_all_files_are_checked(write, capsys) -> None:
    write("b.dag", BAD)
    assert run("check", "none.dag", write("a.dag", GOOD), "b.dag") == 1
    err = capsys.readouterr().err
    assert err.startswith("error[E001]: there is no file `none.dag`\n")
    assert err.endswith("\n3 errors\n")


def test_warnings_pass_unless_strict(write, capsys) -> None:
    path = write("a.dag", ODD)
    assert run("check", path) == 0
    assert capsys.readouterr().err.endswith("\n1 warning\n")
    assert run("check", path, "--strict") == 1
    err = capsys.readouterr().err
    assert err.startswith("error[W")
    assert err.endswith("\n1 error\n")


def test_records(write, capsys) -> None:
    assert run("check", write("a.dag", BAD), "none.dag", "--format", "json") == 1
    out, err = capsys.readouterr()
    records = json.loads(out)
    assert err == ""
    assert [each["code"] for each in records] == ["E115", "E112", "E001"]
    assert [each["file"] for each in records] == ["a.dag", "a.dag", "none.dag"]
    assert records[0]["span"] == {
        "start": {"byte": len(GOOD) + 6, "line": 4, "column": 7},
        "end": {"byte": len(GOOD) + 8, "line": 4, "column": 9},
    }


def test_records_of_a_good_file(write, capsys) -> None:
    assert run("check", write("a.dag", GOOD), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_records_of_warnings(write, capsys) -> None:
    path = write("a.dag", ODD)
    assert run("check", path, "--format", "json") == 0
    assert [each["severity"] for each in json.loads(capsys.readouterr().out)] == [
        "warning"
    ]
    assert run("check", path, "--format", "json", "--strict") == 1


def test_a_limit_can_be_raised(write, capsys) -> None:
    path = write("a.dag", GOOD + "latent b: normal[1]\n")
    assert run("check", path, "--limit", "latents=1") == 1
    assert "error[E601]" in capsys.readouterr().err
    assert run("check", path, "--limit", "latents=1", "--limit", "latents=2") == 0


def test_standard_input() -> None:
    done = shell("check", "-", text=BAD)
    assert done.returncode == 1
    assert " --> <stdin>:4:7\n" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek", "a.dag"], "Did you mean 'check'?"),
        (["check"], "Missing argument 'FILE'"),
        (["check", "a.dag", "--format", "xml"], "'xml' is not one of"),
        (["check", "a.dag", "--limit", "depth=3"], "there is no limit `depth`"),
        (["check", "a.dag", "--limit", "latents=many"], "not `many`"),
        (["check", "a.dag", "--stric"], "--strict"),
        ([], "Usage: dagspec"),
    ],
)
def test_misuse(arguments: list[str], says: str, capsys) -> None:
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert says in out + err
    assert "Traceback" not in err


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, capsys) -> None:
    assert run(verb, "--help") == 0
    assert f"Example: dagspec {verb}" in capsys.readouterr().out


def test_the_version(capsys) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("dagspec ")


def test_colour_only_on_a_terminal_that_wants_it(write, capsys, monkeypatch) -> None:
    path = write("a.dag", BAD)
    for variable in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(variable, raising=False)
    run("check", path)
    plain = capsys.readouterr().err
    assert "\x1b" not in plain
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run("check", path)
    assert "\x1b[1;31merror[E115]\x1b[0m" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    run("check", path)
    assert capsys.readouterr().err == plain
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    run("check", path)
    assert capsys.readouterr().err == plain


@pytest.mark.parametrize("arguments", [["--version"], ["explain"]])
def test_a_reader_who_has_left_is_no_error(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "dagspec", *arguments],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("place", ["check.read_input", "app.make_app"])
def test_an_interrupt_is_quiet(place: str, monkeypatch, capsys) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"dagspec.cli.{place}", interrupt)
    assert run("check", "a.dag") == 130
    assert capsys.readouterr() == ("", "")


def test_our_own_fault_says_so(monkeypatch) -> None:
    def fail(path: str) -> None:
        raise InternalError("impossible")

    monkeypatch.setattr("dagspec.cli.check.read_input", fail)
    with pytest.raises(InternalError) as fault:
        main(["check", "a.dag"])
    assert "please report it" in fault.value.__notes__[0]


def test_what_a_verb_cannot_read_is_reported(monkeypatch, capsys) -> None:
    def load(path: Path) -> None:
        load_or_exit(path)

    monkeypatch.setattr("dagspec.cli.check.check", load)
    assert run("check", "none.dag") == 1
    assert capsys.readouterr().err.startswith("error[E001]")


def test_load_or_exit(write, capsys) -> None:
    import typer

    assert load_or_exit(write("a.dag", GOOD)).name == "sketch"
    assert capsys.readouterr().err == ""
    with pytest.raises(typer.Exit) as refused:
        load_or_exit(write("b.dag", BAD))
    assert refused.value.exit_code == 1
    assert capsys.readouterr().err.endswith("2 errors\n")
    with pytest.raises(DagSpecError):
        load_or_exit(Path("none.dag"))
    with pytest.raises(typer.Exit):
        load_or_exit(Path("a.dag"), ["parameters=10"])


def test_check_never_imports_torch() -> None:
    program = (
        "import sys\n"
        "from dagspec.cli import main\n"
        "try:\n"
        "    main(['check', 'specs/dsprites.dag'])\n"
        "except SystemExit as done:\n"
        "    print(done.code, 'torch' in sys.modules, 'rich' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "0 False False\n"
