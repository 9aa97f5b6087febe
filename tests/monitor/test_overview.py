"""The picture of images, reconstructions and moved concepts in a run's notes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import dagspec
from dagspec.monitor import overview

TEXT = """\
model tiny
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8], readout = 2 }
latent kind: categorical[3]
latent lit:  bernoulli[2]
latent turn: normal[2] { label = "turn" }
latent size: laplace[1]
kind -> size
"""


@pytest.fixture
def model():
    """With weights large enough for every concept to be seen in the image."""
    model = dagspec.build_model(dagspec.parse(TEXT))
    draws = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=draws))
    return model


def images(count):
    return torch.rand((count, 1, 8, 8), generator=torch.Generator().manual_seed(1))


CELL, GAP, MARGIN, COLUMNS = 8 * 12, 6, 14, 9


def cells_of(picture, row):
    """The images of a row, as arrays."""
    pixels = np.asarray(picture)
    top = MARGIN + row * (CELL + GAP)
    left = pixels.shape[1] - MARGIN + GAP - COLUMNS * (CELL + GAP)
    corners = [left + column * (CELL + GAP) for column in range(COLUMNS)]
    return [pixels[top : top + CELL, corner : corner + CELL] for corner in corners]


def test_there_is_a_row_for_the_images_one_for_what_became_of_them_one_a_concept(model):
    x = images(12)
    picture = overview(model, x, model.spec)
    assert (picture.height - 2 * MARGIN + GAP) / (CELL + GAP) == 2 + len(
        model.spec.latents
    )


def test_what_is_moved_changes_along_its_row(model):
    x = images(9)
    picture = overview(model, x, model.spec)
    for row, latent in enumerate(model.spec.latents, start=2):
        first, *others = cells_of(picture, row)
        assert any((cell != first).any() for cell in others), latent.name


def test_a_number_is_moved_among_the_values_that_images_have(model, monkeypatch):
    x, seen, decode = images(60), [], model.decode
    encoded = model.encode(x, model.noise(60))["size"].detach()

    def spy(latents):
        seen.append(latents["size"])
        return decode(latents)

    monkeypatch.setattr(model, "decode", spy)
    overview(model, x, model.spec)
    moved = seen[1 + [latent.name for latent in model.spec.latents].index("size")]
    assert moved.unique().numel() == COLUMNS
    inside = (encoded >= moved.min()) & (encoded <= moved.max())
    assert inside.float().mean() == pytest.approx(0.9, abs=0.04)


def test_it_leaves_the_model_as_it_was_and_is_the_same_each_time(model):
    model.train()
    x = images(9)
    first, again = overview(model, x, model.spec), overview(model, x, model.spec)
    assert first.tobytes() == again.tobytes()
    assert model.training
