"""What is noted while the values of a file are read: where each was, what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dagspec.diagnostic import Diagnostic, Label, Span

Loc: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Site:
    """Where a value belongs: its path in a model, and what messages call it.

    Attributes:
        loc: The path, as pydantic counts it.
        subject: What the value is the value of, in words.
        example: What could have been written instead.
    """

    loc: Loc
    subject: str
    example: str

    def inner(self, step: str | int, subject: str) -> Site:
        """The site of a part of this value."""
        return replace(self, loc=(*self.loc, step), subject=subject)


@dataclass(frozen=True)
class Place:
    """A value that was read: its site, its span, what its form asks for."""

    site: Site
    span: Span
    words: str


def error(
    code: str,
    message: str,
    span: Span | None,
    label: str,
    *labels: tuple[Span | None, str],
    help: str | None = None,
    notes: tuple[str, ...] = (),
) -> Diagnostic:
    """An error at `span`; secondary labels whose place is unknown are left out."""
    others = tuple(Label(place, text) for place, text in labels if place)
    return Diagnostic("error", code, message, span, label, others, notes, help)


@dataclass
class Notebook:
    """What is noted while values are read.

    Attributes:
        places: Every value that was read, by its path.
        failed: The paths of those that could not be read.
        found: What was wrong.
    """

    places: dict[Loc, Place] = field(default_factory=dict[Loc, Place])
    failed: set[Loc] = field(default_factory=set[Loc])
    found: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def refuse(
        self,
        site: Site,
        code: str,
        message: str,
        span: Span,
        label: str,
        help: str | None = None,
    ) -> None:
        """Note that the value of a site cannot be read."""
        self.failed.add(site.loc)
        self.found.append(error(code, message, span, label, help=help))


def shown(span: Span) -> str:
    """The text of a span in backticks, cut to a glance."""
    text = " ".join(
        span.source.text[span.start : min(span.end, span.start + 200)].split()
    )
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
