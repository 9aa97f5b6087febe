"""One picture of what a model has learned, for the notes of its run."""

from __future__ import annotations

import torch
from PIL.Image import Image
from torch import Tensor

from dagspec.monitor.grids import cells, circle, whole_values
from dagspec.monitor.modes import evaluating
from dagspec.nn.queries import ConceptVAE
from dagspec.pictures.grid import image_grid
from dagspec.spec import Latent, Spec

COLUMNS = 9
_MOST_CONCEPTS = 30


def overview(model: ConceptVAE, x: Tensor, spec: Spec) -> Image:
    """Some images, their reconstructions, and the first one with each concept moved.

    In a row of its own a concept goes through its values, a `normal[2]` once around,
    while all others are held. The noise is the same each time.

    Args:
        model: Any model of images.
        x: Images `(B, C, H, W)`; the first nine are shown.
        spec: What the model was built from.
    """
    x = x[:COLUMNS].to(model.decoder.constant.device)
    with evaluating(model):
        latents = model.encode(x, model.noise(len(x)))
        first = {name: value[:1].expand(len(x), -1) for name, value in latents.items()}
        rows = {model.observed: x, "reconstruction": model.decode(latents)}
        for latent in spec.latents[:_MOST_CONCEPTS]:
            values = _values(latent, len(x)).to(x)
            moved = {**first, latent.name: values}
            rows[f"{latent.name} moved"] = model.decode(moved)
    return image_grid(cells(torch.stack(list(rows.values()))), list(rows))


def _values(latent: Latent, count: int) -> Tensor:
    """Values `(V, dim)` that a concept goes through."""
    if latent.family == "categorical" or latent.is_angle:
        return whole_values(latent, count)
    if latent.family == "bernoulli":
        return (torch.arange(count) % 2)[:, None].expand(count, latent.dim)
    if latent.dim == 2:
        return 1.5 * circle(count)
    return torch.linspace(-2, 2, count)[:, None].expand(count, latent.dim)
