"""`dagspec fmt`, as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagspec.cli import main

ROOT = Path(__file__).parents[2]
UGLY = "latent   a:normal[1]# one\r\n\r\n\r\na->b"
NEAT = "latent a: normal[1]  # one\n\na -> b\n"
BAD = "a => b\n"


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(each) for each in arguments])
    assert isinstance(done.value.code, int)
    return done.value.code


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def write(name: str, text: str) -> Path:
        Path(name).write_bytes(text.encode())
        return Path(name)

    return write


def test_files_are_changed_in_place(write, capsys) -> None:
    one, two = write("a.dag", UGLY), write("b.dag", NEAT)
    assert run("fmt", one, two) == 0
    assert one.read_bytes() == NEAT.encode()
    assert capsys.readouterr() == ("", "formatted a.dag\n")


def test_a_neat_file_is_not_touched(write) -> None:
    path = write("a.dag", NEAT)
    before = path.stat()
    assert run("fmt", path) == 0
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_byte_order_mark_goes(write) -> None:
    path = write("a.dag", "\ufeff" + NEAT)
    assert run("fmt", path) == 0
    assert path.read_bytes() == NEAT.encode()


def test_the_mode_is_kept(write) -> None:
    path = write("a.dag", UGLY)
    path.chmod(0o640)
    assert run("fmt", path) == 0
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(write) -> None:
    path = write("a.dag", UGLY)
    Path("link.dag").symlink_to(path)
    assert run("fmt", "link.dag") == 0
    assert Path("link.dag").is_symlink()
    assert path.read_text() == NEAT


def test_check_changes_nothing(write, capsys) -> None:
    path = write("a.dag", UGLY)
    assert run("fmt", "--check", path) == 1
    assert path.read_bytes() == UGLY.encode()
    assert capsys.readouterr() == ("", "would format a.dag\n")
    assert run("fmt", "--check", write("b.dag", NEAT)) == 0


def test_diff_changes_nothing(write, capsys) -> None:
    path = write("a.dag", "a->b\nb -> c")
    assert run("fmt", "--diff", path) == 0
    assert path.read_bytes() == b"a->b\nb -> c"
    assert capsys.readouterr() == (
        "--- a.dag\n+++ a.dag (formatted)\n@@ -1,2 +1,2 @@\n"
        "-a->b\n-b -> c\n+a -> b\n+b -> c\n",
        "",
    )
    assert run("fmt", "--diff", "--check", path) == 1


def test_a_file_with_errors_is_left_alone_and_the_others_are_not(write, capsys) -> None:
    bad, ugly = write("a.dag", BAD), write("b.dag", UGLY)
    assert run("fmt", bad, ugly, "none.dag") == 1
    assert bad.read_text() == BAD
    assert ugly.read_text() == NEAT
    err = capsys.readouterr().err
    assert "error[E115]" in err
    assert "error[E001]" in err
    assert err.endswith("\n2 errors\n")


def pipe(text: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "dagspec", "fmt", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, check=False
    )


def test_standard_input_goes_to_standard_output() -> None:
    done = pipe('latent   a:normal[1]"é"'.encode(), "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == 'latent a: normal[1] "é"\n'.encode()


def test_standard_input_can_be_checked() -> None:
    done = pipe(UGLY.encode(), "--check", "-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert pipe(NEAT.encode(), "--check", "-").returncode == 0


def test_standard_input_with_errors() -> None:
    done = pipe(BAD.encode(), "-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b" --> <stdin>:1:3\n" in done.stderr


def test_a_failed_write_leaves_the_file_whole(write, capsys, monkeypatch) -> None:
    def fail(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    path = write("a.dag", UGLY)
    monkeypatch.setattr(os, "replace", fail)
    assert run("fmt", path) == 1
    assert path.read_bytes() == UGLY.encode()
    assert os.listdir() == ["a.dag"]
    assert "cannot write `a.dag`: No space left on device" in capsys.readouterr().err


def test_fmt_imports_no_more_than_it_needs() -> None:
    program = (
        "import sys\n"
        "from dagspec.cli import main\n"
        "try:\n"
        "    main(['fmt', '--check', 'specs/digits.dag'])\n"
        "except SystemExit as done:\n"
        "    print(*(name in sys.modules for name in ('torch', 'networkx')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "False False\n"
