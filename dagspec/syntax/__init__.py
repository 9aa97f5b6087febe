"""From text to tree and back: what was written, before anyone knows its sense."""

from __future__ import annotations

from dagspec.diagnostic import Source
from dagspec.syntax.read import read_source

__all__ = ["format", "read_source"]


def format(text: str) -> str:
    """Print a text in its canonical form.

    Raises:
        DagSpecError: The text has syntax errors.
    """
    from dagspec.syntax.printer import format_text

    return format_text(Source("inline.dag", text))
