"""A lamp, a pendulum and its shadow, declared without loading numpy.

After the pendulum of CausalVAE (Yang et al. 2021, arXiv 2004.08697).
"""

from __future__ import annotations

from typing import Final

from dagspec.data.source import Column, Dataset, Request, Source

SHAPE: Final = (3, 96, 96)
COLUMNS: Final = (
    Column("pendulum_angle", "real"),
    Column("light_position", "real"),
    Column("shadow_length", "real"),
    Column("shadow_position", "real"),
)


def _load(request: Request) -> Source:
    from dagspec.data.drawn import DrawnScenes
    from dagspec.data.pendulum_scene import draw_factors, draw_picture

    return DrawnScenes(COLUMNS, SHAPE, 50_000, draw_factors, draw_picture)


PENDULUM: Final = Dataset(
    name="pendulum",
    text="a lamp and a pendulum cast a shadow (after CausalVAE)",
    load=_load,
    shape=SHAPE,
    columns=COLUMNS,
)
