"""From the variables of a process to the observed node, its own noise apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.process.domains import ANY, Domain, Values, check_domain
from dagspec.data.process.expressions import evaluate
from dagspec.data.process.mlp import InjectiveMLP
from dagspec.data.process.renderers import PICTURES
from dagspec.data.source import DataError
from dagspec.spec.process import RENDERERS, Constant, Expression, Renderer

_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class ImageRendering:
    """Pictures drawn over one another; the brightest wins, pixel by pixel.

    Attributes:
        renderers: Each draws grey, for all channels, or in colour.
        shape: `(C, H, W)`.
    """

    renderers: tuple[Renderer, ...]
    shape: tuple[int, ...]
    own_noise = 0
    noise_std = 0.0

    def __post_init__(self) -> None:
        """Refuse a shape that a renderer cannot draw.

        Raises:
            DataError: There is such a renderer.
        """
        for each in self.renderers:
            if each.name not in PICTURES:
                raise DataError(f"`{each.name}` stands alone, and makes a vector `[D]`")
            facts = RENDERERS[each.name]
            if not facts.suits(self.shape):
                raise DataError(
                    f"`{each.name}` draws {facts.wanted}; what is observed is "
                    f"{list(self.shape)}"
                )

    def render(self, values: Values, n: int) -> NDArray[np.float32]:
        """Images `(n, C, H, W)`.

        Raises:
            DataError: An argument of a renderer is outside its domain.
        """
        images = np.zeros((n, *self.shape), np.float32)
        for each in self.renderers:
            picture = PICTURES[each.name]
            given = {
                name: _argument(each, name, picture.domains.get(name, ANY), values, n)
                for name in _arguments(each)
            }
            np.maximum(images, picture.draw(given, *self.shape[1:]), out=images)
        return images


@dataclass(frozen=True)
class VectorRendering:
    """A vector made by a fixed random network.

    Attributes:
        renderer: The `mlp`.
        shape: `(D,)`.
    """

    renderer: Renderer
    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse what the network cannot be.

        Raises:
            DataError: An image is asked for, or two causes might look alike.
        """
        if len(self.shape) != 1:
            raise DataError(
                f"`mlp` makes a vector `[D]`; what is observed is {list(self.shape)}"
            )
        _ = self.network

    @property
    def own_noise(self) -> int:
        """Numbers of noise an example."""
        return self.shape[0]

    @property
    def noise_std(self) -> float:
        """Standard deviation of the noise."""
        return self.renderer.mlp.noise

    @cached_property
    def network(self) -> InjectiveMLP:
        """The network."""
        options, inputs = self.renderer.mlp, len(self.renderer.arguments)
        return InjectiveMLP(inputs, self.shape[0], options.hidden, options.seed)

    def render(self, values: Values, n: int) -> NDArray[np.float32]:
        """Vectors `(n, D)` without their noise.

        Raises:
            DataError: An input, or what comes of it, is not finite.
        """
        inputs = [
            _argument(self.renderer, name, ANY, values, n)
            for name, _ in self.renderer.arguments
        ]
        with np.errstate(over="ignore", invalid="ignore"):
            x = self.network(np.stack(inputs, axis=1)).astype(np.float32)
        if not np.isfinite(x).all():
            largest = float(np.abs(inputs).max())
            raise DataError(f"`mlp` cannot hold an input as large as {largest:.4g}")
        return x


Rendering: TypeAlias = ImageRendering | VectorRendering


def rendering_of(renderers: tuple[Renderer, ...], shape: tuple[int, ...]) -> Rendering:
    """What draws the observed node of this shape.

    Raises:
        DataError: The renderers cannot make it.
    """
    if [each.name for each in renderers] == ["mlp"]:
        return VectorRendering(renderers[0], shape)
    return ImageRendering(renderers, shape)


def _arguments(renderer: Renderer) -> dict[str, Expression]:
    """All arguments, those left out at their defaults."""
    facts = RENDERERS[renderer.name]
    defaults = {name: Constant(value=value) for name, value in facts.defaults.items()}
    return {**defaults, **dict(renderer.arguments)}


def _argument(
    renderer: Renderer, name: str, domain: Domain, values: Values, n: int
) -> _Floats:
    """An argument `(n,)`, once it is known to be within its domain."""
    expression = _arguments(renderer)[name]
    which = f"input {int(name) + 1}" if name.isdecimal() else f"`{name}`"
    place = f"`{renderer.name}`: the {which}"
    value = evaluate(expression, values, place)
    check_domain(place, expression, value, domain, values)
    return np.broadcast_to(value, (n,))
