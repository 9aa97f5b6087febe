"""What a file means: read it, check it, write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagspec.diagnostic import Diagnostic, Source
from dagspec.spec.differences import Difference, differences
from dagspec.spec.dotted import Dotted, dotted_options
from dagspec.spec.limits import DEFAULT, NO_LIMITS, Limits, parse_limit
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
from dagspec.syntax.tree import File

__all__ = [
    "NO_LIMITS",
    "Capacity",
    "Difference",
    "Dotted",
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
    "differences",
    "dotted_options",
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
        file: What was written, the options that were set beside it included.
    """

    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]
    file: File


def read(
    source: Source, limits: Limits | None = None, overrides: Sequence[str] = ()
) -> Reading:
    """Parse and check a source; every error is found in one run.

    Args:
        source: Any text.
        limits: How big a model may be; `Limits()` if None.
        overrides: Options that are set beside the text, as if they stood in it:
            `section.option=value`, `latent.NAME.option=value` and
            `observe.NAME.option=value`. A later one counts more than an earlier one,
            and `steps` takes the place of `epochs` in the text, or the other way
            round. Each is a source of its own, called `--set …`.
    """
    file, errors = parse(source)
    refused: tuple[Diagnostic, ...] = ()
    if overrides:
        from dagspec.spec.overrides import override

        file, refused = override(file, overrides, complete=not errors)
    spec, found = resolve(file, limits or DEFAULT, errors)
    findings = _in_order((*errors, *refused, *found), source)
    return Reading(None if refused else spec, findings, file)


def _in_order(found: Iterable[Diagnostic], first: Source) -> tuple[Diagnostic, ...]:
    """Diagnostics by their place, those in the source `first` before all others.

    What is found again in a statement that was split in two stays once.
    """
    sources = {first: 0}
    placed: list[tuple[tuple[int, int, str], Diagnostic]] = []
    for each in found:
        source, start = (
            (each.span.source, each.span.start) if each.span else (first, -1)
        )
        number = sources.setdefault(source, len(sources))
        placed.append(((number, start, each.code), each))
    unique = dict.fromkeys(placed)
    return tuple(each for _, each in sorted(unique, key=lambda item: item[0]))
