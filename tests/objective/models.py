"""A small model with every kind of label, and a batch for it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

import dagspec
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import Horizon
from dagspec.spec import Spec

HEAD = """
model small
observe image: bernoulli[1, 8, 8]
features { widths = [4, 6], norm = batch, readout = 2 }
"""
LABELLED = """
latent kind:  categorical[3] { label = "kind", weight = 2 }
latent lamp:  bernoulli[1]   { label = "lamp", weight = 0.5 }
latent free:  normal[1]
latent size:  normal[1]      { label = "size", weight = 3 }
latent heavy: laplace[2]     { label = ["a", "b"] }
latent turn:  normal[2]      { label = "turn" }
latent place: normal[2]      { label = ["c", "d"], weight = 0.25 }
kind -> size
"""
B = 6
HORIZON = Horizon(steps=200, epoch=10.0)
MISSING = math.nan


def spec_of(text: str = LABELLED) -> Spec:
    return dagspec.parse(HEAD + text)


def exact(numbers: list[float]) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def model_of(spec: Spec) -> ConceptVAE:
    """In double precision, with scales of its own for every label."""
    model = dagspec.build_model(spec).double()
    known = model.labels.kinds
    scales = {
        "size": (exact([3.0]), exact([2.0])),
        "heavy": (exact([-1.0, 10.0]), exact([0.5, 4.0])),
        "place": (exact([0.5, 0.25]), exact([0.1, 0.2])),
    }
    model.labels.fit(
        {name: scale for name, scale in scales.items() if name in known},
        {"turn": 360.0} if "turn" in known else {},
    )
    return model


def images(n: int = B) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(n, 1, 8, 8, generator=generator).round().double()


def labels() -> dict[str, Tensor]:
    """Labels of a batch; each column lacks some."""
    return {
        "kind": torch.tensor([0, 2, -1, 1, 1, -1]),
        "lamp": torch.tensor([1, -1, 0, 1, 0, 0]),
        "size": torch.tensor([1.0, MISSING, 4.0, 2.5, 3.0, 0.0]),
        "a": torch.tensor([MISSING, 0.0, -1.0, MISSING, 2.0, 1.0]),
        "b": torch.tensor([MISSING, 9.0, MISSING, 11.0, 8.0, 7.0]),
        "turn": torch.tensor([0.0, 90.0, MISSING, 359.0, 181.0, -45.0]),
        "c": torch.tensor([0.1, 0.2, 0.3, 0.4, MISSING, 0.6]),
        "d": torch.tensor([0.6, MISSING, 0.4, 0.3, 0.2, 0.1]),
    }


def keys(n: int = B) -> Tensor:
    return torch.arange(100, 100 + n)
