"""What a user of the four verbs types and sees."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from dagspec import load_model
from dagspec.cli import main
from dagspec.data import open_source
from dagspec.nn.queries import ConceptVAE

MARGIN, GAP, SIDE = 14, 6, 96


def ask(verb: str, run: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([verb, str(run), *arguments])
    return int(stopped.value.code or 0)


def arrays(verb: str, run: Path, *arguments: str) -> dict[str, np.ndarray]:
    """What the verb writes as arrays."""
    assert ask(verb, run, "-o", "out.npz", *arguments) == 0
    with np.load("out.npz", allow_pickle=False) as found:
        return dict(found)


def printed(capfd: pytest.CaptureFixture[str], verb: str, *arguments: object) -> Any:
    """What the verb prints as data."""
    run, *rest = map(str, arguments)
    assert ask(verb, Path(run), *rest, "--json") == 0
    return json.loads(capfd.readouterr().out)


def images(path: Path | str, rows: int, columns: int) -> np.ndarray:
    """Bytes `(R, C, 8, 8)` of a grid of 8x8 images, counted from its lower right."""
    pixels = np.asarray(Image.open(path).convert("L"))
    cells = np.empty((rows, columns, 8, 8), np.uint8)
    for row, column in np.ndindex(rows, columns):
        bottom = len(pixels) - MARGIN - (rows - 1 - row) * (SIDE + GAP)
        right = pixels.shape[1] - MARGIN - (columns - 1 - column) * (SIDE + GAP)
        cell = pixels[bottom - SIDE : bottom, right - SIDE : right]
        small = cell[:: SIDE // 8, :: SIDE // 8]
        assert (np.kron(small, np.ones((12, 12), np.uint8)) == cell).all()
        cells[row, column] = small
    return cells


def as_bytes(x: Tensor) -> np.ndarray:
    """What a picture shows of images `(…, 1, 8, 8)`."""
    return np.rint(x.squeeze(-3).detach().clamp(0, 1).numpy() * 255).astype(np.uint8)


def held_out(count: int) -> Tensor:
    return torch.from_numpy(open_source("digits").held_out(count, "test").x)


def model_of(run: Path) -> ConceptVAE:
    return load_model(run).requires_grad_(False)


def refused(
    capfd: pytest.CaptureFixture[str], code: int, verb: str, arguments: Sequence[object]
) -> str:
    """The last line of what is said when a question is refused."""
    run, *rest = map(str, arguments)
    assert ask(verb, Path(run), *rest) == code
    out, err = capfd.readouterr()
    assert out == ""
    lines = err.strip().splitlines()
    assert len(lines) == 1 or code == 2
    assert not re.search("Traceback", err)
    return lines[-1]
