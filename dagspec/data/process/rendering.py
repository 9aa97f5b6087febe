"""From the variables of a process to the observed node, its own noise apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.process.domains import ANY, Values, check_domain
from dagspec.data.process.expressions import evaluate
from dagspec.data.process.mlp import InjectiveMLP
from dagspec.data.process.places import Place
from dagspec.data.process.renderers import PICTURES
from dagspec.data.source import DataError
from dagspec.spec.process import Constant, Expression, Renderer
from dagspec.spec.renderers import RENDERERS

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

    def inputs(self, values: Values, n: int) -> list[dict[str, _Floats]]:
        """What each renderer draws, `(n,)` by the name of the argument.

        Raises:
            DataError: An argument of a renderer is outside its domain.
        """
        found: list[dict[str, _Floats]] = []
        for number, each in enumerate(self.renderers):
            domains, given = PICTURES[each.name].domains, dict[str, _Floats]()
            for name, expression in _arguments(each).items():
                text = f"`{each.name}`: the `{name}`"
                place = Place(text, None, number, name)
                value = evaluate(expression, values, place)
                check_domain(place, expression, value, domains.get(name, ANY), values)
                given[name] = np.broadcast_to(value, (n,))
            found.append(given)
        return found

    def render(self, values: Values, n: int) -> NDArray[np.float32]:
        """Images `(n, C, H, W)`.

        Raises:
            DataError: An argument of a renderer is outside its domain.
        """
        images = np.zeros((n, *self.shape), np.float32)
        for each, given in zip(self.renderers, self.inputs(values, n), strict=True):
            drawn = PICTURES[each.name].draw(given, *self.shape[1:])
            np.maximum(images, drawn, out=images)
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

    def inputs(self, values: Values, n: int) -> _Floats:
        """What the network is given, `(n, inputs)`.

        Raises:
            DataError: An input is not finite.
        """
        found: list[_Floats] = []
        for number, (_, expression) in enumerate(self.renderer.arguments):
            text = f"`mlp`: the input {number + 1}"
            place = Place(text, None, argument=number)
            value = evaluate(expression, values, place)
            found.append(np.broadcast_to(value, (n,)))
        return np.stack(found, axis=1)

    def render(self, values: Values, n: int) -> NDArray[np.float32]:
        """Vectors `(n, D)` without their noise.

        Raises:
            DataError: An input, or what comes of it, is not finite.
        """
        inputs = self.inputs(values, n)
        with np.errstate(over="ignore", invalid="ignore"):
            x = self.network(inputs).astype(np.float32)
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
