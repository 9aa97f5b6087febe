"""The dSprites-compatible data sets, declared without loading numpy.

The original is dSprites (Matthey, Higgins, Hassabis, Lerchner 2017).
"""

from __future__ import annotations

from typing import Final

from dagspec.data.source import DataError, Dataset, Request, Source, source_path
from dagspec.data.sprite_columns import COLUMNS, IMAGE_SHAPE

STRENGTH: Final = 0.8
FILE: Final = "dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz"


def _load_independent(request: Request) -> Source:
    from dagspec.data.sprite_sources import RenderedSprites

    if request.data_dir is None:
        return RenderedSprites()
    from dagspec.data.npz import open_npz

    path = source_path(request.data_dir) / FILE
    if not path.is_file():
        raise DataError(f"{path.parent}: there is no file {FILE} in it")
    return open_npz(path)


def _load_correlated(request: Request) -> Source:
    from dagspec.data.sprite_sources import CorrelatedSprites

    if request.argument is None:
        return CorrelatedSprites(STRENGTH)
    try:
        strength = float(request.argument)
    except ValueError:
        raise DataError(f"strength {request.argument!r} is not a number") from None
    return CorrelatedSprites(strength)


INDEPENDENT: Final = Dataset(
    name="dsprites",
    text="dSprites-compatible sprites, five independent factors",
    load=_load_independent,
    shape=IMAGE_SHAPE,
    columns=COLUMNS,
    official=True,
)
CORRELATED: Final = Dataset(
    name="dsprites_correlated",
    text=f"the same, turned as they move to the right; strength 0 to 1, or {STRENGTH}",
    load=_load_correlated,
    argument="[STRENGTH]",
    shape=IMAGE_SHAPE,
    columns=COLUMNS,
)
