"""Two trained runs, one of images and one of a known process: only to be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.evaluate.runs import TOY
from tests.train.runs import QUICK, run


@pytest.fixture(scope="session")
def digits(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("digits") / "digits"
    assert run(out, QUICK).code == 0
    return out


@pytest.fixture(scope="session")
def toy(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("toy") / "toy"
    assert run(out, TOY).code == 0
    return out


@pytest.fixture
def copied(tmp_path, digits) -> Path:
    """A run that may be damaged."""
    return Path(shutil.copytree(digits, tmp_path / "copied"))
