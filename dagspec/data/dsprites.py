"""The dSprites-compatible data sets, declared without loading numpy.

The original is dSprites (Matthey, Higgins, Hassabis, Lerchner 2017).
"""

from __future__ import annotations

import math
from typing import Final

from dagspec.data.source import Column, Dataset, Source

IMAGE_SHAPE: Final = (1, 64, 64)
COLUMNS: Final = (
    Column("shape", "class", classes=3),
    Column("scale", "real"),
    Column("orientation", "angle", period=2 * math.pi),
    Column("pos_x", "real"),
    Column("pos_y", "real"),
)
STRENGTH: Final = 0.8


def _load_independent() -> Source:
    from dagspec.data.sprites import Sprites

    return Sprites()


def _load_correlated() -> Source:
    from dagspec.data.sprites import Sprites

    return Sprites(strength=STRENGTH)


INDEPENDENT: Final = Dataset(
    "dsprites",
    "dSprites-compatible sprites, five independent factors",
    IMAGE_SHAPE,
    COLUMNS,
    _load_independent,
)
CORRELATED: Final = Dataset(
    "dsprites_correlated",
    "the same sprites, turned further the further right they stand",
    IMAGE_SHAPE,
    COLUMNS,
    _load_correlated,
)
