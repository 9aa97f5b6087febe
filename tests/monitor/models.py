"""Small models of every family, and images for them."""

from __future__ import annotations

import torch

import dagspec
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec

TEXT = """
model small "Every family behind 8x8 pixels."
observe image: bernoulli[1, 8, 8]
features { widths = [8, 16], readout = 2 }
latent kind:  categorical[3]
latent size:  normal[1] { at = 1 }
latent angle: normal[2]
latent slant: laplace[1]
latent flag:  bernoulli[2]
kind -> size
angle -> flag
objective { warmup = linear(10%) }
training { steps = 100 }
"""
NAMES = ["kind", "size", "angle", "slant", "flag"]

VECTOR = """
model vector
observe x: normal[6]
features { widths = [8] }
latent a, b: normal[1]
a -> b
"""


def small(*changes: tuple[str, str]) -> tuple[Spec, ConceptVAE]:
    """The spec and the model of `TEXT`, with some of it replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    spec = dagspec.parse(text)
    return spec, dagspec.build_model(spec)


def images(count: int = 12, *, channels: int = 1, side: int = 8) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, channels, side, side, generator=generator).round()
