"""The loop to learn from does what the trainer does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import dagspec
from dagspec.bench.claims import ROOT, load_example
from dagspec.train import Settings, train

SPEC = """\
model tiny
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8], readout = 2 }
latent digit: categorical[10] { label = "digit", labels = 50%, weight = 10 }
latent style: normal[2]
digit -> style
objective { warmup = linear(50%), spectral = 0.01, free_bits = 0.1 }
training { data = digits, batch = 32, steps = 7, ema = 0.9, clip = 20,
  schedule = cosine(warmup = 20%) }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "tiny.dag"
    path.write_text(text)
    return path


@pytest.mark.parametrize("ema", [", ema = 0.9", ""], ids=["averaged", "last"])
def test_it_comes_to_the_weights_of_the_trainer(tmp_path: Path, ema: str) -> None:
    text = SPEC.replace(", ema = 0.9", ema)
    load_example("quickstart").main(write(tmp_path, text), 7, tmp_path / "plain")
    train(dagspec.parse(text), Settings(out=tmp_path / "run", quiet=True))
    expected = dagspec.load_model(tmp_path / "run").state_dict()
    found = torch.load(tmp_path / "plain" / "weights.pt")
    assert found.keys() == expected.keys()
    different = [key for key in found if not torch.equal(found[key], expected[key])]
    assert different == []


def test_it_says_how_far_it_came_and_shows_it(tmp_path: Path, capsys) -> None:
    load_example("quickstart").main(write(tmp_path, SPEC), 2, tmp_path)
    line = r"-ELBO [\d.]+ nats an example after 2 steps; KL: digit [\d.]+, style [\d.]+"
    assert re.fullmatch(line + "\n", capsys.readouterr().out)
    assert (tmp_path / "images.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('label = "digit"', 'label = "digits"', "E80"),
        ("= digits", "= digitz", "digits"),
    ],
)
def test_what_does_not_fit_is_no_traceback(tmp_path, old, new, said) -> None:
    spec = write(tmp_path, SPEC.replace(old, new))
    script = ROOT / "examples" / "quickstart.py"
    command = [sys.executable, script, spec, "--out", tmp_path / "plain"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "plain").exists()
