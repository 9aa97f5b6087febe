"""What there is to know of a model before it is built: tables, formulas, plain data."""

from __future__ import annotations

from dagspec.summary.listing import listing
from dagspec.summary.math import formulas, set_latex, set_text
from dagspec.summary.overview import overview
from dagspec.summary.record import record

__all__ = ["formulas", "listing", "overview", "record", "set_latex", "set_text"]
