"""Diagnostics as text: a message, the lines it is about, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable

from dagspec.diagnostic.cells import escape
from dagspec.diagnostic.excerpt import BLUE, Excerpt, paint
from dagspec.diagnostic.types import Diagnostic, Label, Severity, Source

_BOLD = "1"
_GREEN = "1;32"
_SEVERITIES = {"error": "1;31", "warning": "1;33"}


def render_diagnostic(diagnostic: Diagnostic, colour: bool = False) -> str:
    """Show a diagnostic with the lines it is about.

    Args:
        diagnostic: What to show.
        colour: Whether to use the terminal's colours.

    Returns:
        Several lines, without a line break at the end.
    """
    return _Page(diagnostic, colour).text()


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Count what was found, such as "2 errors, 1 warning"; empty if nothing was."""
    found = [diagnostic.severity for diagnostic in diagnostics]
    parts: list[str] = []
    severities: tuple[Severity, ...] = ("error", "warning")
    for severity in severities:
        count = found.count(severity)
        if count:
            parts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return ", ".join(parts)


class _Page:
    def __init__(self, diagnostic: Diagnostic, colour: bool) -> None:
        self.diagnostic = diagnostic
        self.colour = colour
        self.tint = _SEVERITIES[diagnostic.severity]

    def text(self) -> str:
        found = self.diagnostic
        head = self._paint(f"{found.severity}[{found.code}]", self.tint)
        lines = [head + self._paint(f": {escape(found.message)}", _BOLD)]
        margin = None
        if found.span:
            margin, shown = self._excerpts(Label(found.span, found.label))
            lines += shown
            if found.notes or found.help:
                lines.append(self._gutter(margin))
        indent = "  " if margin is None else " " * (margin + 1)
        for note in found.notes:
            lines += self._remark(indent, "note", note, _BOLD)
        if found.help:
            lines += self._remark(indent, "help", found.help, _GREEN)
        return "\n".join(lines)

    def _excerpts(self, primary: Label) -> tuple[int, list[str]]:
        """Width of the line numbers, and the lines of every source."""
        excerpts: dict[Source, tuple[Excerpt, int]] = {}
        for label in (primary, *self.diagnostic.labels):
            span = label.span
            first = (Excerpt(span.source, self.tint, self.colour), span.start)
            excerpt, _ = excerpts.setdefault(span.source, first)
            excerpt.put(span, label.text, label is primary)
        margin = max(len(str(each.numbers()[-1])) for each, _ in excerpts.values())
        lines: list[str] = []
        for excerpt, place in excerpts.values():
            if lines:
                lines.append(self._gutter(margin))
            lines += excerpt.draw(margin, ":::" if lines else "-->", place)
        return margin, lines

    def _gutter(self, margin: int) -> str:
        return self._paint(" " * margin + " |", BLUE)

    def _remark(self, indent: str, kind: str, text: str, tint: str) -> list[str]:
        first, *others = text.split("\n")
        sign = self._paint("=", BLUE)
        room = indent + " " * (len(kind) + 4)
        return [
            f"{indent}{sign} {self._paint(kind, tint)}: {escape(first)}",
            *(room + escape(other) for other in others),
        ]

    def _paint(self, text: str, tint: str) -> str:
        return paint(text, tint, self.colour)
