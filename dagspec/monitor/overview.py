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
_LOOKED_AT = 250


def overview(model: ConceptVAE, x: Tensor, spec: Spec) -> Image:
    """Some images, their reconstructions, and the first one with each concept moved.

    In a row of its own a concept goes through the values that images have, while all
    others are held: nine in ten encodings lie between the first and the last, and a
    `normal[2]` goes once around them. The noise is the same each time.

    Args:
        model: Any model of images.
        x: Images `(B, C, H, W)`; the first nine are shown.
        spec: What the model was built from.
    """
    x = x[:_LOOKED_AT].to(model.decoder.constant.device)
    with evaluating(model):
        latents = model.encode(x, model.noise(len(x)))
        shown = {name: value[:COLUMNS] for name, value in latents.items()}
        count = len(x[:COLUMNS])
        first = {name: value[:1].expand(count, -1) for name, value in latents.items()}
        rows = {model.observed: x[:COLUMNS], "reconstruction": model.decode(shown)}
        for latent in spec.latents[:_MOST_CONCEPTS]:
            values = _values(latent, count, latents[latent.name].double()).to(x)
            moved = {**first, latent.name: values}
            rows[f"{latent.name} moved"] = model.decode(moved)
    return image_grid(cells(torch.stack(list(rows.values()))), list(rows))


def _values(latent: Latent, count: int, encoded: Tensor) -> Tensor:
    """Values `(V, dim)` that a concept goes through; `encoded` are those of images."""
    if latent.family == "categorical" or latent.is_angle:
        return whole_values(latent, count)
    if latent.family == "bernoulli":
        return (torch.arange(count) % 2)[:, None].expand(count, latent.dim)
    encoded = encoded.cpu()
    if latent.dim == 2:
        return encoded.mean(0) + 1.5 * encoded.std(0, correction=0) * circle(count)
    low, high = encoded.quantile(0.05, 0), encoded.quantile(0.95, 0)
    return low + (high - low) * torch.linspace(0, 1, count)[:, None]
