"""The renderers of a process: what they need, and how they draw.

To add one: its line in `dagspec.spec.renderers.RENDERERS`, and one here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.pendulum_scene import DOMAINS as PENDULUM
from dagspec.data.pendulum_scene import render_pendulum
from dagspec.data.process.domains import SHARE, Domain
from dagspec.data.process.shapes import draw_bar, draw_blob
from dagspec.data.sprites import render_sprites
from dagspec.data.waterflow_scene import DOMAINS as WATERFLOW
from dagspec.data.waterflow_scene import render_waterflow
from dagspec.spec.renderers import RendererName

_Arguments: TypeAlias = Mapping[str, NDArray[np.float64]]
_Image: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Picture:
    """How a renderer draws.

    Attributes:
        draw: float32 `(N, C, H, W)` of the arguments `(N,)`, the height and the width,
            where C is 1 or 3; one channel fills all that are observed.
        domains: What its arguments may be; any number where it says nothing.
    """

    draw: Callable[[_Arguments, int, int], _Image]
    domains: Mapping[str, Domain] = field(default_factory=dict[str, Domain])


def _blob(given: _Arguments, height: int, width: int) -> _Image:
    return draw_blob(given, height, width)[:, None]


def _bar(given: _Arguments, height: int, width: int) -> _Image:
    return draw_bar(given, height, width)[:, None]


def _sprite(given: _Arguments, height: int, width: int) -> _Image:
    """A sprite of dSprites; its own units put 0 and 1 at a quarter of the image."""
    kind, x, y = given["shape"] + 1, 2 * given["x"] - 0.5, 2 * given["y"] - 0.5
    drawn = render_sprites(kind, given["scale"], given["orientation"], x, y, height)
    return drawn[:, None].astype(np.float32)


def _pendulum(given: _Arguments, height: int, width: int) -> _Image:
    return render_pendulum(*(given[name] for name in PENDULUM), size=height)


def _waterflow(given: _Arguments, height: int, width: int) -> _Image:
    return render_waterflow(*(given[name] for name in WATERFLOW), size=height)


def _within(domains: Mapping[str, tuple[float, float]]) -> Mapping[str, Domain]:
    return {name: Domain(*limits) for name, limits in domains.items()}


# A shape may leave the image; what is farther away is sure to be a mistake, and would
# not fit into numbers of 32 bits.
_FAR: Final = 1000.0
_PLACE: Final = Domain(-_FAR, _FAR)
_LENGTH: Final = Domain(0, _FAR)
_SIZE: Final = Domain(0, _FAR, above=True)

PICTURES: Final[Mapping[RendererName, Picture]] = MappingProxyType(
    {
        "blob": Picture(
            _blob, {"x": _PLACE, "y": _PLACE, "size": _SIZE, "brightness": SHARE}
        ),
        "bar": Picture(
            _bar,
            {
                "x": _PLACE,
                "y": _PLACE,
                "length": _LENGTH,
                "width": _LENGTH,
                "brightness": SHARE,
            },
        ),
        "sprite": Picture(
            _sprite,
            {
                "x": SHARE,
                "y": SHARE,
                "shape": Domain(0, 2, whole=True),
                "scale": Domain(0, 2, above=True),
            },
        ),
        "pendulum": Picture(_pendulum, _within(PENDULUM)),
        "waterflow": Picture(_waterflow, _within(WATERFLOW)),
    }
)
