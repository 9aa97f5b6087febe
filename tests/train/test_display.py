"""What a person sees of a run: lines in a file, a bar on a terminal."""

from __future__ import annotations

import os
import pty
import re
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager

from tests.train.runs import QUICK, run


def test_without_a_terminal_there_are_lines_alone(tmp_path, capfd):
    run(tmp_path / "run", QUICK, quiet=False)
    out, err = capfd.readouterr()
    assert out == ""
    first, *lines = err.splitlines()
    assert re.fullmatch(
        r"tiny: 2 concepts, [\d,]+ parameters; digits: 1,570 examples to train on, "
        r"\d+ held out; 12 steps of \d+",
        first,
    )
    assert re.fullmatch(
        r"step 12: -ELBO \d+\.\d\d nats on held-out examples, KL \d+\.\d\d  "
        r"best so far",
        lines[0],
    )
    assert lines[1:] == [
        "finished after 12 steps",
        f"the notes are in {tmp_path / 'run/notes.md'}",
    ]


def test_quiet_is_quiet(tmp_path, capfd):
    run(tmp_path / "run", QUICK)
    assert capfd.readouterr() == ("", "")


@contextmanager
def terminal(monkeypatch) -> Generator[bytearray]:
    """Standard error is a terminal of 100 columns; gives what is shown there."""
    own, other = pty.openpty()
    shown = bytearray()

    def read():
        try:
            while data := os.read(own, 65536):
                shown.extend(data)
        except OSError:  # how Linux says that the other side is closed
            return

    reader = threading.Thread(target=read)
    reader.start()
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(other, "w") as file:
        monkeypatch.setattr(sys, "stderr", file)
        yield shown
    reader.join()
    os.close(own)


def test_on_a_terminal_there_is_a_bar(tmp_path, monkeypatch):
    monkeypatch.setattr("dagspec.train.display._PAUSE", 0.0)
    with terminal(monkeypatch) as bytes_shown:
        run(tmp_path / "run", QUICK, quiet=False)
    shown = bytes_shown.decode()
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    assert "\x1b" not in plain
    lines = re.split(r"[\r\n]+", plain)
    bars = [line for line in lines if "images/s" in line]
    assert re.match(
        r"12/12 .*loss \d+\.\d\d  KL \d+\.\d\d +\d+ images/s", bars[-1].strip()
    )
    assert any(line.startswith("step 12: -ELBO ") for line in lines)
    assert f"the notes are in {tmp_path / 'run/notes.md'}" in lines
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h")  # the cursor is back


def test_the_bar_ends_where_the_run_does(tmp_path, monkeypatch):
    monkeypatch.setattr("dagspec.train.display._PAUSE", 1e9)
    with terminal(monkeypatch) as shown:
        run(tmp_path / "run", QUICK, quiet=False)
    bars = [line for line in shown.decode().split("\n") if "images/s" in line]
    assert "12/12" in bars[-1]
    assert "loss 0.00" not in bars[-1]
