"""What there is to draw the observed node of a process with, and what each can make.

`dagspec.data.process` draws; to add a renderer: a line here, and one there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

RendererName = Literal["blob", "bar", "sprite", "pendulum", "waterflow", "mlp"]
LARGEST_SCENE: Final = 1024  # side of a sprite's, pendulum's or water's image


@dataclass(frozen=True)
class RendererFacts:
    """What a renderer takes.

    Attributes:
        needed: Arguments that must be written.
        defaults: Arguments that may be left out, and what they then are.
        image: Whether it draws an image; else it makes a vector.
        largest: Side of the largest image that it draws, which is a square; None where
            it draws images of any shape.
        colour: Whether three channels must be observed.
    """

    needed: tuple[str, ...]
    defaults: Mapping[str, float] = field(default_factory=dict[str, float])
    image: bool = True
    largest: int | None = None
    colour: bool = False

    def suits(self, shape: tuple[int, ...]) -> bool:
        """Whether it can make what has this shape."""
        if len(shape) != 3 or not self.image:
            return len(shape) == 1 and not self.image
        channels, height, width = shape
        square = self.largest is None or height == width <= self.largest
        return square and (channels == 3 or not self.colour)

    @property
    def wanted(self) -> str:
        """The shapes that it can make, in words."""
        if not self.image:
            return "a vector `[D]`"
        if self.largest is None:
            return "images `[C, H, W]`"
        return f"images `[{3 if self.colour else 'C'}, S, S]`, S up to {self.largest}"


# Places and lengths are shares of the image's side, y downwards; angles are in radians.
RENDERERS: Final[Mapping[RendererName, RendererFacts]] = MappingProxyType(
    {
        "blob": RendererFacts(
            ("x", "y"), MappingProxyType({"size": 0.1, "brightness": 1.0})
        ),
        "bar": RendererFacts(
            ("length",),
            MappingProxyType(
                {"x": 0.5, "y": 0.5, "width": 0.1, "angle": 0.0, "brightness": 1.0}
            ),
        ),
        "sprite": RendererFacts(
            ("x", "y"),
            MappingProxyType({"shape": 0.0, "scale": 1.0, "orientation": 0.0}),
            largest=LARGEST_SCENE,
        ),
        "pendulum": RendererFacts(
            ("pendulum_angle", "light_position", "shadow_length", "shadow_position"),
            largest=LARGEST_SCENE,
            colour=True,
        ),
        "waterflow": RendererFacts(
            ("ball_size", "hole_position", "water_level", "waterflow"),
            largest=LARGEST_SCENE,
            colour=True,
        ),
        # Any number of inputs; its options are checked like those of a section.
        "mlp": RendererFacts((), image=False),
    }
)


def enough_for(inputs: int) -> int:
    """Numbers in which so many variables can be told apart, whatever made them.

    A map of n variables onto D numbers is one to one, for almost all maps, if D is
    2n + 1 or more (Sauer, Yorke & Casdagli 1991, "Embedology").
    """
    return 2 * inputs + 1


def first_narrow(inputs: int, hidden: Sequence[int], outputs: int) -> int | None:
    """The first width of an `mlp` at which two inputs may come out alike, if any."""
    for before, after in pairwise((inputs, *hidden, outputs)):
        if after < min(before, enough_for(inputs)):
            return after
    return None
