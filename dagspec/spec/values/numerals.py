"""Forms of numbers: plain ones, shares in %, lengths with a unit of time."""

# ruff: noqa: D102 (what the methods do is said once, in Form)

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from dagspec.spec.records import Quantity, Unit
from dagspec.spec.values.forms import Form
from dagspec.spec.values.notes import Notebook, Site, shown
from dagspec.spec.values.suggest import listed
from dagspec.syntax.tree import Number, Value


@dataclass(frozen=True)
class Numeral(Form):
    """A number without a unit; `range` says in words what pydantic will ask of it."""

    whole: bool
    range: str

    @property
    def words(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} {self.range}" if self.range else kind

    @property
    def plural(self) -> str:
        kind = "whole numbers" if self.whole else "numbers"
        return f"{kind} {self.range}" if self.range else kind

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if not isinstance(value, Number):
            return self.refuse(value, site, notes)
        if value.unit:
            message = f"{site.subject} is a plain number, not {shown(value.span)}"
            help = f"write `{_without_unit(value)}`"
            return notes.refuse(site, "E315", message, value.span, "a unit", help)
        if not self.whole:
            return _as_float(value.value)
        if not isinstance(value.value, int) and not value.value.is_integer():
            message = f"{site.subject} must be {self.words}, not {shown(value.span)}"
            return notes.refuse(site, "E312", message, value.span, "not whole")
        return int(value.value)

    def write(self, value: object) -> str:
        return write_number(cast("float", value))


@dataclass(frozen=True)
class Percentage(Form):
    """A share of a whole, in %."""

    @property
    def words(self) -> str:
        return "a share from 0% to 100%"

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if not isinstance(value, Number):
            return self.refuse(value, site, notes)
        if value.unit != "%":
            message = f"{site.subject} must be in %, not {shown(value.span)}"
            help = f"write for example `{site.example}`"
            return notes.refuse(site, "E315", message, value.span, "not in %", help)
        return float(Decimal(repr(value.value)) / 100)

    def write(self, value: object) -> str:
        percent = Decimal(repr(value)) * 100
        return f"{percent.normalize():f}%"


@dataclass(frozen=True)
class Length(Form):
    """A number with a unit of time."""

    units: tuple[Unit, ...]

    @property
    def words(self) -> str:
        return f"a length above 0 in {listed(self.units)}"

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if not isinstance(value, Number):
            return self.refuse(value, site, notes)
        if value.unit not in self.units:
            label = "another unit" if value.unit else "no unit"
            message = f"{site.subject} must be {self.words}, not {shown(value.span)}"
            # As a percentage, a big number cannot be meant.
            units = [unit for unit in self.units if unit != "%" or value.value <= 100]
            number = _without_unit(value)
            help = f"write {listed([_with_unit(number, unit) for unit in units])}"
            return notes.refuse(site, "E315", message, value.span, label, help)
        return {"value": _as_float(value.value), "unit": value.unit}

    def write(self, value: object) -> str:
        quantity = cast("Quantity", value)
        return _with_unit(write_number(quantity.value), quantity.unit)


def write_number(value: float) -> str:
    """The shortest text of a number that reads as the same number."""
    if isinstance(value, int) or (value.is_integer() and value < 1e16):
        return f"{int(value):_}" if value >= 10_000 else str(int(value))
    return re.sub(r"e\+?(-?)0*", r"e\1", repr(value))


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}"


def _without_unit(value: Number) -> str:
    """The number as it was written, for a help text."""
    return shown(value.span).strip("`").removesuffix(value.unit or "").strip()


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
