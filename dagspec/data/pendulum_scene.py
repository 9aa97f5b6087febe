"""The geometry of the pendulum: where its shadow falls, and the picture of it all.

The scene is CausalVAE's (Yang et al. 2021, arXiv 2004.08697): a rod of 8 units hangs
from (12, 10.5) and carries a ball of radius 1.5; the ground is at -0.5, the lamp at
20.5. There the rays were parallel and the shadow that of a line; here the lamp is a
point and the shadow that of rod and ball, which keeps it in the picture.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dagspec.data.canvas import WIDTH, Canvas
from dagspec.data.domains import check_domains
from dagspec.data.drawn import Factors

PIVOT: Final = (12.0, 10.5)
ROD, BALL, LAMP = 8.0, 1.5, 1.5
LAMP_HEIGHT: Final = 20.5
GROUND: Final = -0.5
STEEPEST: Final = 36.0
LAMP_RANGE: Final = (4.0, 20.0)

DOMAINS: Final = {
    "pendulum_angle": (-90.0, 90.0),
    "light_position": (0.0, WIDTH),
    "shadow_length": (0.0, 2 * WIDTH),
    "shadow_position": (-WIDTH, 2 * WIDTH),
}
_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_RED, _ORANGE = (0.70, 0.13, 0.13), (1.0, 0.65, 0.0)
_ROD_WIDTH, _SHADOW_HEIGHT = 0.5, 0.75


def shadow(
    pendulum_angle: ArrayLike, light_position: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Length and middle `(N,)` of the shadow on the ground, in units.

    A ray that leaves the lamp at an angle a from straight down meets the ground at
    x = light_position + (20.5 + 0.5)·tan a. The ball hides the angles within
    asin(1.5 / distance) of its centre's, the rod those between its ends'.

    Args:
        pendulum_angle: Degrees from hanging straight, to the right, in [-90, 90].
        light_position: x of the lamp, in [0, 24].

    Raises:
        ValueError: A factor is outside its domain.
    """
    given = {"pendulum_angle": pendulum_angle, "light_position": light_position}
    angle, lamp = check_domains(given, DOMAINS).values()
    x, y = _ball(angle)
    down = LAMP_HEIGHT - y
    centre = np.arctan2(x - lamp, down)
    spread = np.arcsin(BALL / np.hypot(x - lamp, down))
    pivot = np.arctan2(PIVOT[0] - lamp, LAMP_HEIGHT - PIVOT[1])
    reach = LAMP_HEIGHT - GROUND
    left = reach * np.tan(np.minimum(centre - spread, pivot))
    right = reach * np.tan(np.maximum(centre + spread, pivot))
    return right - left, lamp + (left + right) / 2


def render_pendulum(
    pendulum_angle: ArrayLike,
    light_position: ArrayLike,
    shadow_length: ArrayLike | None = None,
    shadow_position: ArrayLike | None = None,
    *,
    size: int = 96,
) -> NDArray[np.float32]:
    """Draw the lamp, the pendulum and a shadow, which need not be the right one.

    Args:
        pendulum_angle: Degrees from hanging straight, to the right, in [-90, 90];
            `(N,)` or a scalar, as all that follow.
        light_position: x of the lamp, in [0, 24].
        shadow_length: In units, in [0, 48]; what geometry says if None.
        shadow_position: x of its middle, in [-24, 48]; what geometry says if None.
        size: Pixels a side.

    Returns:
        float32 `(N, 3, size, size)` from 0 to 1.

    Raises:
        ValueError: A factor or the size is outside its domain.
    """
    length, middle = shadow(pendulum_angle, light_position)
    given = {
        "pendulum_angle": pendulum_angle,
        "light_position": light_position,
        "shadow_length": length if shadow_length is None else shadow_length,
        "shadow_position": middle if shadow_position is None else shadow_position,
    }
    angle, lamp, length, middle = check_domains(given, DOMAINS).values()
    canvas = Canvas(len(angle), size, _WHITE)
    left, right = middle - length / 2, middle + length / 2
    canvas.box(left, GROUND - _SHADOW_HEIGHT, right, GROUND, _BLACK)
    canvas.disc(lamp, LAMP_HEIGHT, LAMP, _ORANGE)
    _hang(canvas, angle, rod=_BLACK, ball=_RED)
    return canvas.images


def pendulum_mask(pendulum_angle: ArrayLike, size: int = 96) -> NDArray[np.float32]:
    """Share of each pixel that rod and ball cover, float32 `(N, size, size)`.

    Raises:
        ValueError: The angle or the size is outside its domain.
    """
    (angle,) = check_domains({"pendulum_angle": pendulum_angle}, DOMAINS).values()
    canvas = Canvas(len(angle), size, (0.0,))
    _hang(canvas, angle, rod=(1.0,), ball=(1.0,))
    return canvas.images[:, 0]


def draw_factors(points: NDArray[np.float64]) -> Factors:
    """All factors of points `(N, 2)` of the unit square: causes, then the shadow."""
    angle = STEEPEST * (2 * points[:, 0] - 1)
    lamp = LAMP_RANGE[0] + (LAMP_RANGE[1] - LAMP_RANGE[0]) * points[:, 1]
    length, middle = shadow(angle, lamp)
    return {
        "pendulum_angle": angle,
        "light_position": lamp,
        "shadow_length": length,
        "shadow_position": middle,
    }


def draw_picture(factors: Factors) -> NDArray[np.float32]:
    """The pictures of the data set, `(N, 3, 96, 96)`."""
    return render_pendulum(*(factors[name] for name in DOMAINS))


def _ball(angle: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    turn = np.radians(angle)
    return PIVOT[0] + ROD * np.sin(turn), PIVOT[1] - ROD * np.cos(turn)


def _hang(
    canvas: Canvas,
    angle: NDArray[np.float64],
    rod: tuple[float, ...],
    ball: tuple[float, ...],
) -> None:
    x, y = _ball(angle)
    canvas.line(PIVOT, (x, y), _ROD_WIDTH, rod)
    canvas.disc(x, y, BALL, ball)
