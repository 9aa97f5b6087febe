"""What the records of a spec have in common: frozen, closed, some written as calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Unit = Literal["steps", "epochs", "%"]
UNITS: tuple[Unit, ...] = ("steps", "epochs", "%")
Width = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, lt=1)]
MOST_LAYERS = 64


@dataclass(frozen=True)
class Units:
    """Marks a quantity that takes some units only."""

    names: tuple[Unit, ...]


@dataclass(frozen=True)
class Share:
    """Marks a fraction that a file writes in %."""


class RangeError(ValueError):
    """A value is out of its range; the text says what the value must be."""


class ArgumentsError(ValueError):
    """The arguments of a call do not fit; the text is the message."""


class Frozen(BaseModel):
    """An immutable record that refuses unknown fields."""

    # Most of a short run is its imports, so validators are built when they are used.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@dataclass(frozen=True)
class Signature:
    """Arguments of a call, in order; `rest` names a list that takes all of them."""

    arguments: tuple[str, ...] = ()
    rest: str | None = None


class Called(Frozen):
    """A record that a file writes as a call, such as `adam(lr = 1e-3)`.

    Attributes:
        tag: The field that the name of the call goes to; None where only one is known.
        signatures: The calls, and the fields that each of them takes.
    """

    tag: ClassVar[str | None] = None
    signatures: ClassVar[Mapping[str, Signature]] = {}

    @property
    def call(self) -> str:
        """The name that this record is called by."""
        return getattr(self, self.tag) if self.tag else next(iter(self.signatures))

    @model_validator(mode="after")
    def _keeps_to_its_signature(self) -> Self:
        signature = self.signatures[self.call]
        known = {*signature.arguments, signature.rest, self.tag}
        for name, field in type(self).model_fields.items():
            nothing = () if isinstance(field.default, tuple) else field.default
            if name not in known and getattr(self, name) != nothing:
                raise ArgumentsError(f"`{self.call}` has no argument `{name}`")
        return self


class Quantity(Frozen):
    """A number with a unit, such as `30%` or `500 steps`."""

    value: Positive
    unit: Unit

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.unit == "steps" and not self.value.is_integer():
            raise RangeError("a whole number of steps")
        if self.unit == "%" and self.value > 100:
            raise RangeError("at most 100%")
        return self

    def in_steps(self, total: int, epoch: float) -> float:
        """How many steps it is, not always a whole number.

        Args:
            total: Steps of the run, as it was first planned.
            epoch: Steps of an epoch.
        """
        if self.unit == "%":
            return self.value / 100 * total
        return self.value * epoch if self.unit == "epochs" else self.value
