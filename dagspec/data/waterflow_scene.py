"""The physics of the tank: how high the water stands, how far it flows, the picture.

The scene is flat, so areas take the place of volumes: 64 square units of water stand
in a tank 8 units wide, and a ball that lies on its bottom raises them by its own area.
After the flow of CausalVAE (Yang et al. 2021, arXiv 2004.08697).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dagspec.data.canvas import BOTTOM, WIDTH, Canvas
from dagspec.data.domains import check_domains
from dagspec.data.drawn import Factors

LEFT, RIGHT, WALL = 2.0, 10.0, 0.5
RIM: Final = 16.0
STILL: Final = 8.0
HOLE: Final = 0.5
BALL_RANGE: Final = (1.0, 3.2)
HOLE_RANGE: Final = (1.0, 7.0)

DOMAINS: Final = {
    "ball_size": (0.0, (RIGHT - LEFT) / 2),
    "hole_position": (HOLE, RIM - HOLE),
    "water_level": (0.0, RIM),
    "waterflow": (0.0, WIDTH),
}
_WHITE, _GREY, _BROWN = (1.0, 1.0, 1.0), (0.35, 0.35, 0.38), (0.62, 0.52, 0.42)
_BLUE, _RED = (0.25, 0.55, 0.95), (0.70, 0.13, 0.13)


def water_level(ball_size: ArrayLike) -> NDArray[np.float64]:
    """Height `(N,)` of the water above the ground: 8 + pi·ball_size² / 8.

    Any ball that fits in the tank is wholly under water.

    Args:
        ball_size: Radius, in [0, 4].

    Raises:
        ValueError: It is outside its domain.
    """
    (radius,) = check_domains({"ball_size": ball_size}, DOMAINS).values()
    return STILL + np.pi * radius**2 / (RIGHT - LEFT)


def flow(hole_position: ArrayLike, water_level: ArrayLike) -> NDArray[np.float64]:
    """How far `(N,)` from the wall the jet meets the ground; 0 from a dry hole.

    Water leaves at the speed sqrt(2·g·head) (Torricelli 1643) and falls from the height
    of the hole in sqrt(2·height / g): it gets 2·sqrt(height·head) far.

    Args:
        hole_position: Height of the hole above the ground, in [0.5, 15.5].
        water_level: Height of the water above the ground, in [0, 16].

    Raises:
        ValueError: A factor is outside its domain.
    """
    given = {"hole_position": hole_position, "water_level": water_level}
    height, level = check_domains(given, DOMAINS).values()
    return 2 * np.sqrt(height * np.maximum(level - height, 0))


def render_waterflow(
    ball_size: ArrayLike,
    hole_position: ArrayLike,
    water_level: ArrayLike | None = None,
    waterflow: ArrayLike | None = None,
    *,
    size: int = 96,
) -> NDArray[np.float32]:
    """Draw the tank, the ball, the water and a jet, which need not be the right ones.

    Args:
        ball_size: Radius, in [0, 4]; `(N,)` or a scalar, as all that follow.
        hole_position: Height of the hole above the ground, in [0.5, 15.5].
        water_level: Height of the water, in [0, 16]; what physics says if None.
        waterflow: How far the jet gets, in [0, 24]; what physics says if None.
        size: Pixels a side.

    Returns:
        float32 `(N, 3, size, size)` from 0 to 1.

    Raises:
        ValueError: A factor or the size is outside its domain.
    """
    level = _risen(ball_size) if water_level is None else water_level
    given = {
        "ball_size": ball_size,
        "hole_position": hole_position,
        "water_level": level,
        "waterflow": flow(hole_position, level) if waterflow is None else waterflow,
    }
    radius, hole, level, reach = check_domains(given, DOMAINS).values()
    canvas = Canvas(len(radius), size, _WHITE)
    canvas.box(0, BOTTOM, WIDTH, 0, _BROWN)
    canvas.box(LEFT - WALL, 0, LEFT, RIM, _GREY)
    canvas.box(RIGHT, 0, RIGHT + WALL, RIM, _GREY)
    canvas.box(LEFT, 0, RIGHT, level, _BLUE)
    canvas.disc((LEFT + RIGHT) / 2, radius, radius, _RED)
    low, high = hole - HOLE / 2, hole + HOLE / 2
    canvas.box(RIGHT, low, RIGHT + WALL, high, _WHITE)
    canvas.box(RIGHT, low, RIGHT + WALL, np.clip(level, low, high), _BLUE)
    canvas.fall(RIGHT + WALL, hole, reach, HOLE, _BLUE)
    return canvas.images


_risen = water_level  # the name is also that of an argument


def draw_factors(points: NDArray[np.float64]) -> Factors:
    """All factors of points `(N, 2)` of the unit square: causes, then the water."""
    causes = {
        name: low + (high - low) * points[:, i]
        for i, (name, (low, high)) in enumerate(
            (("ball_size", BALL_RANGE), ("hole_position", HOLE_RANGE))
        )
    }
    level = water_level(causes["ball_size"])
    jet = flow(causes["hole_position"], level)
    return {**causes, "water_level": level, "waterflow": jet}


def draw_picture(factors: Factors) -> NDArray[np.float32]:
    """The pictures of the data set, `(N, 3, 96, 96)`."""
    return render_waterflow(*(factors[name] for name in DOMAINS))
