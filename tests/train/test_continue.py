"""A run that was cut off and goes on is the run that was never cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.train.runs import TINY, assert_same, changed, cut_off_after, run


def cut_off_and_go_on(out: Path, text: str, *steps: int) -> None:
    for number, step in enumerate(steps):
        with cut_off_after(step):
            run(out, text, continue_training=number > 0)
    run(out, text, continue_training=True)


@pytest.mark.parametrize(
    "text",
    [
        TINY,
        changed("workers = 2"),
        changed("precision = bf16"),
        changed("optimizer = sgd(lr = 1e-3, momentum = 0.9)", "channels_last = true"),
        changed("optimizer = adamax(lr = 1e-3)", "schedule = cosine(warmup = 10%)"),
        TINY.replace("linear(50%)", "linear(50%), spectral = 0.01"),
        TINY.replace("readout = 2", "readout = 2, norm = batch"),
    ],
    ids=[
        "plain",
        "workers",
        "bf16",
        "sgd, channels_last",
        "cosine",
        "spectral",
        "batch_norm",
    ],
)
def test_a_run_that_was_cut_off_ends_like_one_that_was_not(tmp_path, text):
    run(tmp_path / "whole", text)
    cut_off_and_go_on(tmp_path / "cut", text, 5, 23, 24, 38)
    assert_same(tmp_path / "whole", tmp_path / "cut")
