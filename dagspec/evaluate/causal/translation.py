"""From values of a concept to the variable of the process that it stands for, and back.

A concept that was shown labels has units: those of its label. One that was not has
units of its own, so they are calibrated: on held-out examples, by the variable that
it is said to stand for, and by nothing that the causal errors are measured on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import (
    linear_sum_assignment,  # pyright: ignore[reportUnknownVariableType]
)

from dagspec.nn.labels import Labels
from dagspec.spec import Latent

Way = Literal["label", "calibration"]
Rows = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Translation(ABC):
    """Between a concept and a variable.

    Attributes:
        way: `label`, or `calibration`.
        fit: Of a calibration the share of the variable's variance that it explains, or
            of examples whose class it says; None of a label.
    """

    way: ClassVar[Way] = "calibration"
    fit: float | None = None

    @abstractmethod
    def to_variable(self, latent: Rows) -> Rows:
        """Values `(N, dim)` of the concept as the variable's, `(N,)`."""

    @abstractmethod
    def to_latent(self, value: Rows) -> Rows:
        """Values `(N,)` of the variable as the concept's, `(N, dim)`."""


@dataclass(frozen=True)
class LabelTranslation(Translation):
    """By the units of the concept's label, which the model keeps."""

    way: ClassVar[Way] = "label"
    labels: Labels
    concept: str

    def to_variable(self, latent: Rows) -> Rows:
        """The label that a value stands for."""
        like = self.labels.numbers
        rows = torch.as_tensor(latent).to(like)
        return _array(self.labels.to_label(self.concept, rows))[:, 0]

    def to_latent(self, value: Rows) -> Rows:
        """The value that stands for a label."""
        like = self.labels.numbers
        rows = torch.as_tensor(value[:, None]).to(like)
        return _array(self.labels.to_latent(self.concept, rows))


@dataclass(frozen=True)
class AffineTranslation(Translation):
    """v = mean_v + (z - mean_z)·slope, by least squares.

    The way back is the likeliest z for that v: z = mean_z + (v - mean_v)·step, with
    step·slope = 1; of one dimension that is the inverse.
    """

    mean_z: Rows
    mean_v: float
    slope: Rows
    step: Rows

    def to_variable(self, latent: Rows) -> Rows:
        """The line's value."""
        return self.mean_v + (latent - self.mean_z) @ self.slope

    def to_latent(self, value: Rows) -> Rows:
        """The value that the line leads from."""
        return self.mean_z + (value[:, None] - self.mean_v) * self.step


@dataclass(frozen=True)
class ClassTranslation(Translation):
    """Class by class, matched such that most examples agree.

    Attributes:
        classes: The variable's class for each of the concept's.
        dim: The concept's dimensions: 1 for a Bernoulli, else one a class.
    """

    classes: NDArray[np.int64]
    dim: int

    def to_variable(self, latent: Rows) -> Rows:
        """The class that is matched with the concept's."""
        return self.classes[_chosen(latent)].astype(np.float64)

    def to_latent(self, value: Rows) -> Rows:
        """The concept's class that is matched with it, as the concept has it."""
        own = np.argsort(self.classes)[value.astype(np.int64)]
        return (
            own[:, None].astype(np.float64) if self.dim == 1 else np.eye(self.dim)[own]
        )


def calibrate(codes: Rows, values: Rows, latent: Latent) -> AffineTranslation:
    """Fit a line from codes `(N, dim)` to a real variable `(N,)`.

    Raises:
        ValueError: The codes do not vary with it, so that no value of the concept
            would bring about another one of the variable.
    """
    mean_z, mean_v = codes.mean(0), float(values.mean())
    centred, off = codes - mean_z, values - mean_v
    slope = cast(Rows, np.linalg.lstsq(centred, off, rcond=None)[0])
    along = centred.T @ (centred @ slope)
    power = float(slope @ along)
    if power <= 1e-12 * float(off @ off):
        raise ValueError(f"`{latent.name}` says nothing of it")
    left = off - centred @ slope
    fit = 1 - float(left @ left) / float(off @ off)
    return AffineTranslation(mean_z, mean_v, slope, along / power, fit=fit)


def match_classes(codes: Rows, values: Rows, classes: int) -> ClassTranslation:
    """Match the classes that codes `(N, dim)` say with those of `values` `(N,)`."""
    own, counts = _chosen(codes), np.zeros((classes, classes))
    np.add.at(counts, (own, values.astype(np.int64)), 1)
    # It gives every row, in order, a column of its own.
    matched = cast("NDArray[np.int64]", linear_sum_assignment(-counts)[1])
    agreed = float(counts[np.arange(classes), matched].sum() / len(values))
    return ClassTranslation(matched, codes.shape[1], fit=agreed)


def _chosen(latent: Rows) -> NDArray[np.int64]:
    """Class of each value `(N, dim)`: the largest number, or 1 above a half."""
    if latent.shape[1] == 1:
        return (latent[:, 0] > 0.5).astype(np.int64)
    return latent.argmax(1)


def _array(value: torch.Tensor) -> Rows:
    found: Rows = value.detach().double().cpu().numpy()
    return found
