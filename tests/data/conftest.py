"""The real images that the renderer and the reader are tested against."""

from __future__ import annotations

from pathlib import Path

import pytest

_REAL = Path(__file__).parents[2] / "../shared/data/dsprites_12.npz"


@pytest.fixture
def real_npz() -> Path:
    if not _REAL.is_file():
        pytest.skip("the twelve real images of dSprites are not at hand")
    return _REAL.resolve()
