"""Runs that are stopped from outside: killed, interrupted, terminated."""

from __future__ import annotations

import json
import random
import signal

import pytest

from dagspec.train.journal import Journal
from dagspec.train.keeper import Keeper
from tests.train.killing import finish, kill_again_and_again, start
from tests.train.killing import wait_for_rows as wait
from tests.train.runs import TINY, assert_same, run

LONG = TINY.replace("steps = 40", "steps = 600, workers = 2").replace("17", "100")


def test_a_run_that_is_killed_at_random_moments_loses_nothing(tmp_path, request):
    kills = request.config.getoption("--kills")
    finish(tmp_path / "whole", LONG)
    killed = tmp_path / "killed"
    hits = kill_again_and_again(killed, LONG, kills, random.Random(kills))
    assert hits == kills
    assert_same(tmp_path / "whole", killed)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_saves_the_run_and_ends_it(tmp_path, number, code):
    out = tmp_path / "run"
    process = start(out, LONG)
    wait(out, process, 4)
    process.send_signal(number)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "stopped"
    saved = max((out / "checkpoints").glob("step-*")).name
    assert saved == f"step-{status['step']:09}.safetensors"
    assert "--continue-training" in (out / "notes.md").read_text()
    assert status["step"] < 600


def test_a_second_interrupt_leaves_at_once(cut, monkeypatch, whole):
    end = Keeper.on_train_batch_end

    def interrupted(self, *arguments):
        if self.module.done == 25:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        end(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "on_train_batch_end", interrupted)
        outcome = run(cut, continue_training=True)
    assert (outcome.state, outcome.code, outcome.step) == ("stopped", 130, 25)
    assert outcome.reason == "a second Ctrl-C, so nothing was saved"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert run(cut, continue_training=True).code == 0
    assert_same(whole, cut)


def test_a_second_interrupt_while_the_notes_are_written_leaves_them(cut, monkeypatch):
    def interrupted(*_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Journal, "notes", interrupted)
    outcome = run(cut, continue_training=True)
    assert (outcome.code, outcome.step) == (130, 40)
    assert outcome.reason == "a second Ctrl-C, so the notes are not of the end"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
