"""A number that is not finite ends a run before it is stepped on."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from math import nan

import numpy as np
import pytest
import torch

from dagspec.checkpoint import Shelf
from dagspec.data import DataError, open_source
from dagspec.monitor import find_first
from dagspec.objective import Objective
from dagspec.train import TrainError
from dagspec.train.batches import Steps
from dagspec.train.module import ConceptModule, noise_seed
from dagspec.train.state import Best
from tests.train.runs import QUICK, assert_same, changed, run

BF16 = changed("precision = bf16", text=QUICK)
BATCH_NORM = QUICK.replace("readout = 2", "readout = 2, norm = batch")


@contextmanager
def poisoned_batch() -> Generator[None]:
    """The examples of step 8 hold a number that is none."""
    load = Steps.__getitem__

    def poisoned(self, step):
        batch = load(self, step)
        if step == 7:
            batch["x"][3, 0, 2, 2] = torch.nan
        return batch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Steps, "__getitem__", poisoned)
        yield


@pytest.mark.parametrize(
    "text", [QUICK, BF16, BATCH_NORM], ids=["32", "bf16", "batch_norm"]
)
def test_a_batch_that_is_not_finite_is_named_and_kept(tmp_path, text):
    out = tmp_path / "run"
    with poisoned_batch():
        outcome = run(out, text)
    assert (outcome.state, outcome.code, outcome.step) == ("failed", 1, 7)
    assert outcome.reason.startswith(
        "step 8 gave a number that is not finite; it first appeared in the image "
        "itself (example 3). "
    )
    with np.load(out / "not_finite.npz", allow_pickle=False) as kept:
        source = open_source("digits")
        expected = source.load(source.choose(7, 32, 0))
        assert np.array_equal(kept["keys"], expected.keys)
        assert np.argwhere(np.isnan(kept["x"])).tolist() == [[3, 0, 2, 2]]
        assert np.array_equal(kept["digit"], expected.factors["digit"])
        rest = ~np.isnan(kept["x"])
        assert np.array_equal(kept["x"][rest], expected.x[rest])
    status = json.loads((out / "status.json").read_text())
    assert (status["state"], status["step"]) == ("failed", 7)
    assert status["reason"] == outcome.reason
    assert "**Failed** at step 7 of 12" in (out / "notes.md").read_text()
    last, damaged = Shelf(out / "checkpoints").newest()
    assert last is not None
    assert (last.step, damaged) == (5, ())
    assert all(torch.isfinite(t).all() for t in last.part("model").values())
    # Once the batch is mended, the run goes on as if nothing had been.
    assert run(out, text, continue_training=True).code == 0
    run(tmp_path / "whole", text)
    assert_same(tmp_path / "whole", out)


def at_step_7(monkeypatch, spoil: Callable[[ConceptModule], None]) -> None:
    """Spoil the model right before its seventh step."""
    step = ConceptModule.training_step

    def spoiled(self, batch, batch_idx):
        if self.done == 6:
            spoil(self)
        return step(self, batch, batch_idx)

    monkeypatch.setattr(ConceptModule, "training_step", spoiled)


@pytest.mark.parametrize(
    "text", [QUICK, BF16, BATCH_NORM], ids=["32", "bf16", "batch_norm"]
)
def test_a_weight_that_is_not_finite_is_named(tmp_path, monkeypatch, text):
    def spoil(module):
        module.model.heads.levels[1].bias_1.data.fill_(torch.nan)

    at_step_7(monkeypatch, spoil)
    outcome = run(tmp_path / "run", text)
    assert (outcome.code, outcome.step) == (1, 6)
    assert (
        "step 7 gave a number that is not finite; it first appeared in the head of "
        "`style` (posterior mu and sigma), where `heads.style.1.bias` is not finite. "
    ) in outcome.reason


@pytest.mark.parametrize(("text", "half"), [(QUICK, False), (BF16, True)])
def test_the_place_is_looked_for_in_the_precision_of_the_run(
    tmp_path, monkeypatch, text, half
):
    seen = []

    def look(model, x, seed, terms, part):
        seen.append(torch.is_autocast_enabled("cpu"))
        return find_first(model, x, seed, terms, part)

    monkeypatch.setattr("dagspec.train.module.find_first", look)
    with poisoned_batch():
        run(tmp_path / "run", text)
    assert seen == [half]


def test_a_gradient_that_is_not_finite_is_named(tmp_path, monkeypatch):
    def spoil(module):
        weight = module.model.writers["2"].linear.weight
        weight.register_hook(lambda gradient: gradient * torch.nan)

    at_step_7(monkeypatch, spoil)
    outcome = run(tmp_path / "run", QUICK)
    assert (outcome.code, outcome.step) == (1, 6)
    assert (
        "in the gradient of `writers.2.linear.weight` after a finite loss. "
    ) in outcome.reason


def test_a_norm_that_is_too_large_is_called_so(tmp_path, monkeypatch):
    def spoil(module):
        weight = module.model.writers["2"].linear.weight
        weight.register_hook(lambda gradient: gradient * 0 + 1e30)

    at_step_7(monkeypatch, spoil)
    outcome = run(tmp_path / "run", QUICK)
    assert (outcome.code, outcome.step) == (1, 6)
    assert (
        "in the norm of the whole gradient, which is too large for 32 bits. "
    ) in outcome.reason


def test_the_noise_that_led_there_can_be_made_again(tmp_path):
    with poisoned_batch():
        run(tmp_path / "run", QUICK)
    with np.load(tmp_path / "run" / "not_finite.npz", allow_pickle=False) as kept:
        assert kept["noise_part"].tolist() == [0, 32]
        assert int(kept["noise_seed"]) == noise_seed(0, 7)


def test_a_term_that_is_not_finite_is_named(tmp_path, monkeypatch):
    forward = Objective.forward

    def spoiled(self, out, factors, keys, step, horizon):
        loss = forward(self, out, factors, keys, step, horizon)
        terms = {**loss.terms, "label.digit": torch.tensor(torch.nan)}
        total = loss.total * (torch.nan if step == 6 else 1)
        return replace(loss, total=total, terms=terms)

    monkeypatch.setattr(Objective, "forward", spoiled)
    outcome = run(tmp_path / "run", QUICK)
    assert (outcome.code, outcome.step) == (1, 6)
    assert "in the term `label.digit` of the loss. " in outcome.reason


def test_steps_that_are_too_large_end_the_run(tmp_path, capfd):
    text = QUICK.replace("clip = 10", "optimizer = sgd(lr = 1e12)")
    outcome = run(tmp_path / "run", text, quiet=False)
    assert outcome.code == 1
    place = outcome.reason.partition("first appeared in ")[2]
    assert place.startswith(("stage", "the head", "the mechanism", "log p", "the KL"))
    last = capfd.readouterr().err.splitlines()[-3:]
    assert last[0].startswith(f"error: step {outcome.step + 1} gave a number")
    assert last[0].endswith("; there is no checkpoint yet")


def test_a_batch_that_does_not_fit_on_the_disk_is_told(tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("dagspec.train.failure.write_whole", full)
    with poisoned_batch():
        outcome = run(tmp_path / "run", QUICK)
    assert outcome.code == 1
    assert "the image itself (example 3)" in outcome.reason
    assert outcome.reason.endswith("not_finite.npz: No space left on device")


@pytest.fixture
def file(tmp_path):
    """90 examples and where they are to be written."""
    x = np.full((90, 1, 8, 8), 0.5, np.float32)
    split = np.arange(90) // 60  # 60 to train on, 30 to validate on
    columns = {"digit": np.arange(90) % 10, "split": split}
    path = tmp_path / "x.npz"
    return x, lambda: np.savez(path, allow_pickle=False, x=x, **columns), path


@pytest.mark.parametrize("workers", [0, 1])
def test_a_number_that_is_not_finite_in_a_file_is_named(tmp_path, file, workers):
    x, save, path = file
    x[:60, 0, 1, 1] = np.inf
    save()
    text = QUICK.replace("data = digits", f'data = "npz:{path}", workers = {workers}')
    outcome = run(tmp_path / "run", text)
    assert (outcome.state, outcome.code, outcome.step) == ("failed", 1, 0)
    expected = rf"{re.escape(str(path))}: example \d+ has a number not finite"
    assert re.fullmatch(expected, outcome.reason)


def test_one_that_would_be_validated_on_is_named_before_there_is_a_folder(
    tmp_path, file
):
    x, save, path = file
    x[70, 0, 1, 1] = np.nan
    save()
    text = QUICK.replace("data = digits", f'data = "npz:{path}"')
    with pytest.raises(DataError, match="example 70 has a number not finite"):
        run(tmp_path / "run", text)
    assert not (tmp_path / "run").exists()


def test_a_validation_without_a_number_is_never_the_best():
    best = Best()
    assert [best.note(step, elbo) for step, elbo in enumerate([nan, -9, nan, -8])] == [
        False,
        True,
        False,
        True,
    ]
    assert best.score == (3, -8)


def test_numbers_that_a_bernoulli_cannot_have_are_refused(tmp_path, file):
    x, save, path = file
    x *= 255
    save()
    text = QUICK.replace("data = digits", f'data = "npz:{path}"')
    with pytest.raises(TrainError, match=r"go from 127\.5 to 127\.5: scale them"):
        run(tmp_path / "run", text)
    assert not (tmp_path / "run").exists()
