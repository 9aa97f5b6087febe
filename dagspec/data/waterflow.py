"""A ball in a tank with a hole, declared without loading numpy.

After the flow of CausalVAE (Yang et al. 2021, arXiv 2004.08697).
"""

from __future__ import annotations

from typing import Final

from dagspec.data.source import Column, Dataset, Request, Source

SHAPE: Final = (3, 96, 96)
COLUMNS: Final = (
    Column("ball_size", "real"),
    Column("hole_position", "real"),
    Column("water_level", "real"),
    Column("waterflow", "real"),
)


def _load(request: Request) -> Source:
    from dagspec.data.drawn import DrawnScenes
    from dagspec.data.waterflow_scene import draw_factors, draw_picture

    return DrawnScenes(COLUMNS, SHAPE, 50_000, draw_factors, draw_picture)


WATERFLOW: Final = Dataset(
    name="waterflow",
    text="a ball raises the water, which flows out of a hole (after CausalVAE)",
    load=_load,
    shape=SHAPE,
    columns=COLUMNS,
)
