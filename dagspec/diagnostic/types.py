"""What a message to the user is made of: a place in a source, and what to say there.

A diagnostic is a frozen value. It is made in one room, collected in another and printed
in a third, so it carries everything that printing needs.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Source:
    """A text and the name that messages call it by."""

    name: str
    text: str

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Character offset of the first character of every line."""
        breaks = (i + 1 for i, letter in enumerate(self.text) if letter == "\n")
        return (0, *breaks)

    @cached_property
    def _byte_starts(self) -> tuple[int, ...]:
        lengths = (len(_utf8(line)) for line in self.text.split("\n"))
        return tuple(accumulate((length + 1 for length in lengths), initial=0))

    def byte_offset(self, offset: int) -> int:
        """Offset in the UTF-8 text of a character offset."""
        if self.text.isascii():
            return offset
        line, column = self.locate(offset)
        start = self.line_starts[line - 1]
        return self._byte_starts[line - 1] + len(
            _utf8(self.text[start : start + column - 1])
        )

    def locate(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Text of line `number`, counted from 1, without its line break."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `source.text[start:end]`."""

    source: Source = field(repr=False, compare=False)
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)


@dataclass(frozen=True)
class Label:
    """A secondary place of a diagnostic, and what to say about it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding about a source.

    Attributes:
        severity: Whether the source can still be compiled.
        code: Stable name such as ``E203``; `dagspec explain` knows it.
        message: One sentence, without a full stop.
        span: The primary place; None where the whole file is meant.
        label: What is written under the primary place.
        labels: Secondary places.
        notes: Facts that help to understand.
        help: What to write instead.
    """

    severity: Severity
    code: str
    message: str
    span: Span | None = None
    label: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str | None = None


@dataclass(frozen=True)
class Explanation:
    """The long form of a diagnostic, for `dagspec explain` and docs/errors.md.

    Attributes:
        code: Stable name such as ``E203``.
        severity: Whether a source with it can still be compiled.
        title: What it is about, a few words without a full stop.
        text: Why it is so and what to do, in whole sentences.
        wrong: A source that yields this code.
        mended: The same source as it was probably meant.
    """

    code: str
    severity: Severity
    title: str
    text: str
    wrong: str
    mended: str


class DagSpecError(Exception):
    """The user's source is at fault; `diagnostics` says where and why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        """All of them, as `dagspec check` shows them."""
        from dagspec.diagnostic.render import render_diagnostic

        return "\n\n".join(map(render_diagnostic, self.diagnostics))


class InternalError(Exception):
    """dagspec is at fault: a state that no input should be able to reach."""
