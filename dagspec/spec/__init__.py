"""What a file means: read it, check it, write it."""

from __future__ import annotations

from dataclasses import dataclass

from dagspec.diagnostic import Diagnostic, Source
from dagspec.spec.limits import DEFAULT, Limits, parse_limit
from dagspec.spec.model import Latent, Mechanism, Observed, Spec
from dagspec.spec.options import (
    Capacity,
    Features,
    Inference,
    Objective,
    Optimizer,
    Ramp,
    Schedule,
    Training,
)
from dagspec.spec.parameters import count_concept, count_parts
from dagspec.spec.printer import write_spec
from dagspec.spec.records import Quantity
from dagspec.spec.resolve import resolve
from dagspec.syntax.parse import parse

__all__ = [
    "Capacity",
    "Features",
    "Inference",
    "Latent",
    "Limits",
    "Mechanism",
    "Objective",
    "Observed",
    "Optimizer",
    "Quantity",
    "Ramp",
    "Reading",
    "Schedule",
    "Spec",
    "Training",
    "count_concept",
    "count_parts",
    "parse_limit",
    "read",
    "resolve",
    "write_spec",
]


@dataclass(frozen=True)
class Reading:
    """What came of a source.

    Attributes:
        spec: What it means; None if it has an error.
        diagnostics: Everything found, in the order of place.
    """

    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]


def read(source: Source, limits: Limits | None = None) -> Reading:
    """Parse and check a source; every error is found in one run.

    Args:
        source: Any text.
        limits: How big a model may be; `Limits()` if None.
    """
    file, errors = parse(source)
    spec, found = resolve(file, limits or DEFAULT, errors)
    return Reading(spec, tuple(sorted((*errors, *found), key=_place)))


def _place(diagnostic: Diagnostic) -> tuple[int, str]:
    span = diagnostic.span
    return (-1 if span is None else span.start, diagnostic.code)
