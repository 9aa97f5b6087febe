"""Messages to the user: what they are made of and how they are shown."""

from __future__ import annotations

from dagspec.diagnostic.near import nearest
from dagspec.diagnostic.record import diagnostic_record
from dagspec.diagnostic.render import render_diagnostic, summary
from dagspec.diagnostic.types import (
    DagSpecError,
    Diagnostic,
    Explanation,
    InternalError,
    Label,
    Severity,
    Source,
    Span,
)

__all__ = [
    "DagSpecError",
    "Diagnostic",
    "Explanation",
    "InternalError",
    "Label",
    "Severity",
    "Source",
    "Span",
    "diagnostic_record",
    "nearest",
    "render_diagnostic",
    "summary",
]
