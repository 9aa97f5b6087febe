"""Runs that many tests start from; each gets a copy of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.train.runs import QUICK, TINY, cut_off_after, run


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Path:
    """A run that was never cut off: only to be read."""
    out = tmp_path_factory.mktemp("whole") / "run"
    assert run(out).code == 0
    return out


@pytest.fixture(scope="session")
def _cut(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("cut") / "run"
    with cut_off_after(23):
        run(out, TINY)
    return out


@pytest.fixture
def cut(tmp_path, _cut) -> Path:
    """The same run, cut off after step 23; its checkpoints are of 9, 17 and 18."""
    return Path(shutil.copytree(_cut, tmp_path / "run"))


@pytest.fixture(scope="session")
def _quick(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("quick") / "run"
    assert run(out, QUICK).code == 0
    return out


@pytest.fixture
def quick(tmp_path, _quick) -> Path:
    """A finished run of twelve steps."""
    return Path(shutil.copytree(_quick, tmp_path / "run"))
