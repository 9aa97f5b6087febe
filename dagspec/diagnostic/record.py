"""A diagnostic as plain data, for editors and other programs."""

from __future__ import annotations

from typing import TypeAlias

from dagspec.diagnostic.types import Diagnostic, Source, Span

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def diagnostic_record(diagnostic: Diagnostic) -> dict[str, Json]:
    """Give a diagnostic as plain data.

    Offsets count bytes of the UTF-8 text from 0; lines and columns count from 1,
    columns in characters; an end is the first place behind.

    Args:
        diagnostic: Any diagnostic.

    Returns:
        A dict that `json.dumps` takes.
    """
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "file": diagnostic.span.source.name if diagnostic.span else None,
        "span": _range(diagnostic.span) if diagnostic.span else None,
        "label": diagnostic.label,
        "labels": [
            {"span": _range(label.span), "text": label.text}
            for label in diagnostic.labels
        ],
        "notes": list(diagnostic.notes),
        "help": diagnostic.help,
    }


def _range(span: Span) -> dict[str, Json]:
    return {
        "start": _place(span.source, span.start),
        "end": _place(span.source, span.end),
    }


def _place(source: Source, offset: int) -> dict[str, Json]:
    line, column = source.locate(offset)
    return {"byte": source.byte_offset(offset), "line": line, "column": column}
