"""The sections of a file, and its header."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from dagspec.diagnostic import Diagnostic, Span
from dagspec.spec.options import Features, Inference, Objective, Training
from dagspec.spec.statements.checked import Checked, RecordT, check_options
from dagspec.spec.values.annotations import options_of
from dagspec.spec.values.notes import Notebook, error
from dagspec.syntax.tree import File, Header, Identifier, Section

Tainted = Callable[[Span], bool]


@dataclass(frozen=True)
class Sections:
    """Every section, written or not."""

    features: Checked[Features]
    inference: Checked[Inference]
    objective: Checked[Objective]
    training: Checked[Training]


def read_sections(
    file: File, tainted: Tainted, unread: Container[str], found: list[Diagnostic]
) -> Sections:
    """Check the options of all sections.

    Args:
        file: What was written.
        tainted: Whether a syntax error lies within a span.
        unread: The words outside of all statements; a broken section is among them.
        found: Where diagnostics go.
    """
    written: dict[str, list[Section]] = {}
    for section in file.statements:
        if not isinstance(section, Section):
            continue
        same = written.setdefault(section.name.text, [])
        if same:
            found.append(repeated_section(section.name, same[0].name))
        same.append(section)

    def check(model: type[RecordT], name: str) -> Checked[RecordT]:
        notes = Notebook()
        sections = written.get(name, [])
        checked = check_options(
            model,
            name,
            tuple(option for section in sections for option in section.options),
            {},
            notes,
            span=sections[0].name.span if sections else None,
            tainted=any(word in unread for word in (name, *options_of(model)))
            or any(tainted(section.span) for section in sections),
        )
        found.extend(notes.found)
        return checked

    return Sections(
        check(Features, "features"),
        check(Inference, "inference"),
        check(Objective, "objective"),
        check(Training, "training"),
    )


def repeated_section(name: Identifier, first: Identifier) -> Diagnostic:
    """What is wrong with a section whose name was there before."""
    return error(
        "E213",
        f"the section `{name.text}` is written twice",
        name.span,
        "written again",
        (first.span, "first here"),
        help="move the options of both into one"
        if name.text != "process"
        else "move the lines of both into one",
    )


def check_header(file: File) -> Iterator[Diagnostic]:
    """Rules of the first line: there is one, it is first, there is no other."""
    headers = [item for item in file.statements if isinstance(item, Header)]
    if not headers:
        message = "the file has no `model` line"
        help = 'begin the file with `model NAME "what it is about"`'
        yield error("E210", message, Span(file.source, 0, 0), "", help=help)
        return
    first, *others = headers
    if file.statements[0] is not first:
        message = "the `model` line is not the first statement"
        help = "move it to the top of the file"
        yield error("E211", message, first.span, "too late", help=help)
    for other in others:
        message = "a file has one `model` line only"
        help = "remove one of them, or give the second model a file of its own"
        label = (first.span, "first here")
        yield error("E212", message, other.span, "written again", label, help=help)
