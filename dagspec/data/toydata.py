"""Bars on a grid of 3x3 pixels, declared without loading numpy."""

from __future__ import annotations

from typing import Final

from dagspec.data.source import Column, Dataset, Request, Source

COLUMNS: Final = (
    Column("pos_x", "class", classes=3),
    Column("pos_y", "class", classes=3),
    Column("shape", "class", classes=2),
    Column("length", "real"),
)


def _load(request: Request) -> Source:
    from dagspec.data.bars import open_bars

    return open_bars(COLUMNS)


TOYDATA: Final = Dataset(
    name="toydata",
    text="bars on a 3x3 grid: eighteen images, of which four are held out",
    load=_load,
    shape=(1, 3, 3),
    columns=COLUMNS,
)
