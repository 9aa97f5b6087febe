"""Pictures of what a model sees, makes up and understands by each concept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL.Image import Image
from torch import Tensor

from dagspec.families import FAMILIES
from dagspec.nn.queries import ConceptVAE
from dagspec.pictures.grid import image_grid
from dagspec.spec import Latent

Latents = Mapping[str, Tensor]

_MOST_ROWS, _MOST_CLASSES = 6, 16
_STEPS = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
_TURN = 8


def reconstructions(x: Tensor, rebuilt: Tensor, name: str) -> Image:
    """Some images, and under each of them what became of it.

    Args:
        x: Images `(B, C, H, W)`.
        rebuilt: Their reconstructions.
        name: What the images are called.
    """
    rows = [name, "reconstruction"]
    return image_grid(cells(torch.stack([x, rebuilt])), rows)


def samples(x: Tensor, columns: int) -> Image:
    """Images `(B, C, H, W)` that the model made up, in rows of `columns`."""
    return image_grid(cells(x.view(-1, columns, *x.shape[1:])))


def traversal(model: ConceptVAE, encoded: Latents, latent: Latent) -> Image:
    """One concept moved, one row an example and dimension, and everything else held.

    A real number goes from -2 to 2, a bernoulli from 0 to 1, a categorical through its
    classes, and an angle (a `normal[2]` with a label of one column) once around.

    Args:
        model: Any model of images.
        encoded: Values `(B, dim)` of all concepts for some examples, by name.
        latent: The concept.
    """
    rows = list(_moved(encoded[latent.name], latent))
    columns = _columns(latent)
    count = len(columns)
    examples = torch.tensor([row for row, _, _ in rows for _ in columns])
    held = {name: value[examples] for name, value in encoded.items()}
    held[latent.name] = torch.cat([values for _, _, values in rows])
    x = model.decode(held)
    images = cells(x.view(len(rows), count, *x.shape[1:]))
    return image_grid(images, [label for _, label, _ in rows], columns)


def _moved(encoded: Tensor, latent: Latent) -> Iterator[tuple[int, str, Tensor]]:
    """Example, label and values `(V, dim)` of each row."""
    if latent.family == "categorical" or latent.is_angle:
        for row in range(min(len(encoded), _MOST_ROWS // 2)):
            count = len(_columns(latent))
            yield row, latent.name, whole_values(latent, count).to(encoded)
        return
    values = torch.tensor(_values(latent)).to(encoded)
    dims = range(min(latent.dim, _MOST_ROWS))
    examples = range(min(len(encoded), max(1, _MOST_ROWS // 2 // latent.dim)))
    for dim in dims:
        label = f"{latent.name}[{dim}]" if latent.dim > 1 else latent.name
        for row in examples:
            moved = encoded[row].repeat(len(values), 1)
            moved[:, dim] = values
            yield row, label, moved


def whole_values(latent: Latent, count: int) -> Tensor:
    """Values `(count, dim)` of a concept whose dimensions mean nothing alone.

    Args:
        latent: A categorical, whose classes come one after another, or an angle, which
            goes once around.
        count: How many values.
    """
    if latent.family == "categorical":
        return F.one_hot(torch.arange(count) % latent.dim, latent.dim)
    return circle(count)


def circle(count: int) -> Tensor:
    """Points `(count, 2)` of the unit circle, once around."""
    turn = torch.arange(count) * (2 * torch.pi / count)
    return torch.stack([turn.cos(), turn.sin()], 1)


def _values(latent: Latent) -> Sequence[float]:
    facts = FAMILIES[latent.family].latent
    return (0.0, 1.0) if facts and facts.relaxed else _STEPS


def _columns(latent: Latent) -> list[str]:
    if latent.family == "categorical":
        return [str(number) for number in range(min(latent.dim, _MOST_CLASSES))]
    if latent.is_angle:
        return [f"{360 * number // _TURN}°" for number in range(_TURN)]
    return [f"{value:g}" for value in _values(latent)]


def cells(images: Tensor) -> NDArray[Any]:
    """Images `(R, V, C, H, W)` that can be shown, one or three channels each."""
    # A picture never ends a run; a model that makes up NaN is told of elsewhere.
    shown = images.detach().float().cpu().nan_to_num(0.0, 1.0, 0.0).numpy()
    channels: int = shown.shape[2]
    return shown if channels in {1, 3} else np.mean(shown, 2, keepdims=True)
