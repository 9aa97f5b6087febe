"""A run that takes seconds, and what two runs have in common to the last bit."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from dagspec.checkpoint import Shelf
from dagspec.compiler import parse
from dagspec.train import Outcome, Settings, train
from dagspec.train.keeper import Keeper

TINY = """\
model tiny "Small enough for a test."
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8], readout = 2 }
latent digit: categorical[10] { label = "digit", labels = 50%, weight = 10 }
latent style: normal[2]
digit -> style
objective { warmup = linear(50%) }
training { data = digits, batch = 32, steps = 40, clip = 10, ema = 0.9, log_every = 7,
  validate_every = 17 steps, validate_on = 60, checkpoint_every = 9 steps }
"""

# Twelve steps, with checkpoints after 5 and 10 and one validation.
QUICK = (
    TINY.replace("steps = 40", "steps = 12")
    .replace("every = 17", "every = 12")
    .replace("every = 9", "every = 5")
)


def run(out: Path, text: str = TINY, quiet: bool = True, **settings: Any) -> Outcome:
    return train(parse(text), Settings(out=out, quiet=quiet, **settings))


def traces(folder: Path) -> dict[str, Any]:
    """Everything of a run that may not hang on how often it was interrupted."""
    checkpoint, damaged = Shelf(folder / "checkpoints").newest()
    assert checkpoint is not None
    assert not damaged
    record = {k: v for k, v in checkpoint.record.items() if k != "sizes"}
    return {
        "step": checkpoint.step,
        "tensors": checkpoint.tensors,
        "record": record,
        "metrics": (folder / "metrics.csv").read_bytes(),
        "events": events(folder),
    }


def events(folder: Path) -> Mapping[str, list[tuple[int, object]]]:
    """Every event of TensorBoard by tag: its step and what it holds."""
    everything = {"tensors": 0, "images": 0, "scalars": 0, "histograms": 0}
    read = EventAccumulator(str(folder / "tensorboard"), everything)
    read.Reload()
    tags: dict[str, Any] = read.Tags()
    found: dict[str, list[tuple[int, object]]] = {}
    for tag in tags["scalars"]:
        found[tag] = [(e.step, e.value) for e in read.Scalars(tag)]
    for tag in tags["images"]:
        found[tag] = [(e.step, e.encoded_image_string) for e in read.Images(tag)]
    for tag in tags["histograms"]:
        found[tag] = [(e.step, e.histogram_value) for e in read.Histograms(tag)]
    for tag in tags["tensors"]:
        values = [(e.step, e.tensor_proto) for e in read.Tensors(tag)]
        found[tag] = [(step, value.SerializeToString()) for step, value in values]
    return found


def assert_same(first: Path, second: Path) -> None:
    """Two runs did the same to the last bit."""
    one, other = traces(first), traces(second)
    assert one["step"] == other["step"]
    assert one["metrics"] == other["metrics"]
    assert one["record"] == other["record"]
    names = one["tensors"].keys()
    assert names == other["tensors"].keys()
    different = [
        name
        for name in names
        if not torch.equal(one["tensors"][name], other["tensors"][name])
    ]
    assert different == []
    assert one["events"].keys() == other["events"].keys()
    for tag, own in one["events"].items():
        steps = [step for step, _ in own]
        assert steps == [step for step, _ in other["events"][tag]], tag
        assert len({*steps}) == len(steps), f"{tag} came twice"
        assert own == other["events"][tag], tag


class CutOff(BaseException):
    """Stands for a SIGKILL: nothing of ours catches it."""


@contextmanager
def cut_off_after(step: int) -> Generator[None]:
    whole = Keeper.on_train_batch_end

    def cut(self, *arguments):
        whole(self, *arguments)
        if self.module.done == step:
            raise CutOff

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keeper, "on_train_batch_end", cut)
        with pytest.raises(CutOff):
            yield


def changed(*options: str, text: str = TINY) -> str:
    """A spec with more options in `training`, the last section."""
    body = text.rstrip().removesuffix("}").rstrip()
    return f"{body}, {', '.join(options)} }}\n"


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file in a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
