"""Short ways to read a text and to look at what came of it."""

from __future__ import annotations

from dagspec.diagnostic import Diagnostic, Source
from dagspec.spec import Limits, Spec, read

HEAD = "model m\nobserve image: bernoulli[1, 64, 64]\n"


def spec_of(text: str) -> Spec:
    """The spec of a text that has to be without any finding."""
    reading = read(Source("test.dag", text))
    assert reading.diagnostics == ()
    assert reading.spec is not None
    return reading.spec


def found_in(text: str, limits: Limits | None = None) -> tuple[Diagnostic, ...]:
    """Everything that is found in a text."""
    return read(Source("test.dag", text), limits).diagnostics


def codes(text: str, limits: Limits | None = None) -> list[str]:
    """The codes of everything that is found in a text."""
    return [each.code for each in found_in(text, limits)]


def underlined(diagnostic: Diagnostic) -> str:
    """The text under the primary place of a diagnostic."""
    span = diagnostic.span
    assert span is not None
    return span.source.text[span.start : span.end]
