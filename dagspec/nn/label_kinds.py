"""What a label can be: between its numbers and the values of its concept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Label(ABC):
    """What concepts of one kind of label have in common.

    A label has `width` numbers, its concept `dim`. Constants of a concept, such as a
    mean, are tensors `(…, K, width)`, one row for each name in `constants`.
    """

    constants: ClassVar[Mapping[str, float]] = {}

    @property
    def width(self) -> int:
        """Numbers in a label."""
        return 1

    @property
    @abstractmethod
    def values(self) -> str:
        """The labels that there are, in words."""

    def allows(self, value: Tensor) -> bool:
        """Whether all labels `(…, width)` are among these values."""
        return bool(torch.isfinite(value).all())

    @abstractmethod
    def to_latent(self, value: Tensor, constants: Tensor) -> Tensor:
        """Labels `(…, width)` as values of the concept `(…, dim)`."""

    @abstractmethod
    def to_label(self, value: Tensor, constants: Tensor) -> Tensor:
        """Values of the concept `(…, dim)` as labels `(…, width)`."""


@dataclass(frozen=True)
class RealLabel(Label):
    """As many numbers as the concept has, standardised: z = (y - mean)/std."""

    size: int

    constants: ClassVar[Mapping[str, float]] = {"mean": 0.0, "std": 1.0}

    @property
    def width(self) -> int:
        """As many as the concept has."""
        return self.size

    @property
    def values(self) -> str:
        """Real numbers."""
        return "real numbers"

    def to_latent(self, value: Tensor, constants: Tensor) -> Tensor:
        """(y - mean)/std."""
        mean, std = constants.unbind(-2)
        return (value - mean) / std

    def to_label(self, value: Tensor, constants: Tensor) -> Tensor:
        """z·std + mean."""
        mean, std = constants.unbind(-2)
        return value * std + mean


@dataclass(frozen=True)
class AngleLabel(Label):
    """One angle, as a point of the unit circle, in units of which `period` is a turn.

    The period is 2·pi until it is set.
    """

    constants: ClassVar[Mapping[str, float]] = {"period": 2 * pi}

    @property
    def values(self) -> str:
        """Real numbers, a period apart the same."""
        return "an angle"

    def to_latent(self, value: Tensor, constants: Tensor) -> Tensor:
        """(cos, sin) of 2·pi·y/period."""
        radians = value * (2 * pi) / constants.squeeze(-2)
        return torch.cat([radians.cos(), radians.sin()], -1)

    def to_label(self, value: Tensor, constants: Tensor) -> Tensor:
        """Direction of the vector, from 0 to below the period."""
        period = constants.squeeze(-2)
        turns = torch.atan2(value[..., 1:], value[..., :1]) / (2 * pi)
        turns = turns + (turns < 0)
        return torch.where(turns < 1, turns, 0.0) * period


@dataclass(frozen=True)
class ClassLabel(Label):
    """A class from 0 on, as a one-hot vector."""

    classes: int

    @property
    def values(self) -> str:
        """Whole numbers."""
        return f"a class from 0 to {self.classes - 1}"

    def allows(self, value: Tensor) -> bool:
        """Whether every number is a class."""
        whole = value == value.round()
        return bool((whole & (value >= 0) & (value < self.classes)).all())

    def to_latent(self, value: Tensor, constants: Tensor) -> Tensor:
        """One-hot rows."""
        return F.one_hot(value.squeeze(-1).long(), self.classes).to(constants)

    def to_label(self, value: Tensor, constants: Tensor) -> Tensor:
        """Class of the largest number."""
        return value.argmax(-1, keepdim=True).to(constants)


@dataclass(frozen=True)
class BinaryLabel(Label):
    """A class 0 or 1, as a number."""

    @property
    def values(self) -> str:
        """Zero and one."""
        return "0 or 1"

    def allows(self, value: Tensor) -> bool:
        """Whether every number is 0 or 1."""
        return bool(((value == 0) | (value == 1)).all())

    def to_latent(self, value: Tensor, constants: Tensor) -> Tensor:
        """The number itself."""
        return value.to(constants)

    def to_label(self, value: Tensor, constants: Tensor) -> Tensor:
        """1 above a half."""
        return (value > 0.5).to(constants)
