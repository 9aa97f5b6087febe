"""What an image of a sprite is and which factors it has; no numpy needed."""

from __future__ import annotations

import math
from typing import Final

from dagspec.data.source import Column

IMAGE_SHAPE: Final = (1, 64, 64)
COLUMNS: Final = (
    Column("shape", "class", classes=3),
    Column("scale", "real"),
    Column("orientation", "angle", period=2 * math.pi),
    Column("pos_x", "real"),
    Column("pos_y", "real"),
)
