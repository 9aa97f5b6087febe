"""The dSprites-compatible data sets, declared without loading numpy.

The original is dSprites (Matthey, Higgins, Hassabis, Lerchner 2017).
"""

from __future__ import annotations

from typing import Final

from dagspec.data.source import Dataset, Source
from dagspec.data.sprite_columns import COLUMNS, IMAGE_SHAPE

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
