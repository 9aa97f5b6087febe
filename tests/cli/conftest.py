"""Small trained runs to ask: of images, and of vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

IMAGES = """\
model asked "Every family behind 8x8 pixels."
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8], readout = 2 }
latent digit: categorical[10] { label = "digit" }
latent style: normal[2]
latent slant: laplace[1]
latent flag:  bernoulli[1]
digit -> style
style -> slant
training { data = digits, batch = 32, steps = 12, optimizer = adam(lr = 1e-2),
  ema = 0.9, validate_every = 12 steps, validate_on = 60 }
"""

VECTORS = """\
model vectors "Three numbers."
observe x: normal[3]
features { widths = [8] }
latent a: normal[1] { label = "a" }
latent b: normal[1]
latent turn: normal[2] { label = "turn" }
a -> b
training { data = "npz:DATA", batch = 16, steps = 3, validate_every = 3 steps }
"""


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on digits: only to be read."""
    from tests.train.runs import run

    out = tmp_path_factory.mktemp("asked") / "run"
    assert run(out, IMAGES).code == 0
    return out


@pytest.fixture(scope="session")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on vectors: only to be read."""
    from tests.train.runs import run

    folder = tmp_path_factory.mktemp("vectors")
    drawn = np.random.default_rng(0).normal(5, 2, (200, 3)).astype(np.float32)
    labels = {"a": drawn[:, 0], "turn": 36 * drawn[:, 1] % 360, "turn_period": 360.0}
    arrays: dict[str, Any] = {"x": drawn, **labels}
    np.savez(folder / "data.npz", **arrays)
    text = VECTORS.replace("DATA", str(folder / "data.npz"))
    assert run(folder / "run", text).code == 0
    return folder / "run"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written without a folder goes into one that is thrown away."""
    monkeypatch.chdir(tmp_path)
