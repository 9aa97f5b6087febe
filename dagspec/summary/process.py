"""The known process behind the examples: its lines, and who stands for what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dagspec.spec import Spec
from dagspec.spec.printer import write_renderers, write_variable
from dagspec.summary.phrases import names_text
from dagspec.summary.tables import Table, set_sentences, set_table


@dataclass(frozen=True)
class Line:
    """One variable of a process, or its observed node.

    Attributes:
        name: Its name.
        text: How it is made.
        concept: The concept that stands for it; None for none.
    """

    name: str
    text: str
    concept: str | None


def process_lines(spec: Spec) -> list[Line]:
    """The variables in the order written, then the observed node; none without one."""
    if spec.process is None:
        return []
    concepts = {each.variable: each.name for each in reversed(spec.latents)}
    lines = [
        Line(each.name, write_variable(each), concepts.get(each.name))
        for each in spec.process.variables
    ]
    x = spec.observed.name
    return [*lines, Line(x, f"{x} = {write_renderers(spec.process)}", None)]


def process_section(spec: Spec) -> Iterator[str]:
    """The process as `show` prints it; nothing without one."""
    lines = process_lines(spec)
    if not lines:
        return
    *variables, observed = lines
    rows = [(each.text, each.concept or "-") for each in variables]
    head = ("made as", "concept")
    yield from set_table(Table("Process", head, (*rows, (observed.text, "observed"))))
    known = {each.concept for each in variables}
    others = [each.name for each in spec.latents if each.name not in known]
    if others:
        one = len(others) == 1
        yield ""
        yield from set_sentences(
            f"{names_text(others, 10)} {'stands' if one else 'stand'} for no variable: "
            f"{'its' if one else 'their'} answers are compared with nothing."
        )
