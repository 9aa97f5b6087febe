"""Options given beside a file, such as `training.batch=64`: they override it.

The text of each is a source of its own, read by the grammar of the files, so what is
wrong with its value is shown in that text and said as of a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from dagspec.diagnostic import Diagnostic, Source, Span, nearest
from dagspec.spec.overrides.reading import NODES, Override, read_override
from dagspec.spec.values.notes import error
from dagspec.syntax.tree import File, Identifier, Node, Option, Section, Statement

# An option that is given beside the file takes the place of these in the file.
RIVALS = {"steps": "epochs", "epochs": "steps"}


def override(
    file: File, texts: Sequence[str], complete: bool
) -> tuple[File, tuple[Diagnostic, ...]]:
    """A file with options set beside it, all of them or, after an error, none.

    Args:
        file: What was written.
        texts: The overrides; of two that set the same option, the later one counts.
        complete: Whether all of the file could be parsed; a node that is not there may
            stand in the rest of it otherwise.
    """
    read = [read_override(text) for text in texts]
    found = [each for item in read if isinstance(item, tuple) for each in item]
    changed = file
    for item in read:
        if not isinstance(item, Override):
            continue
        if item.node is None:
            changed = _in_section(changed, item)
            continue
        holder = _holder(changed, item)
        if holder is not None:
            changed = _in_node(changed, item, holder)
        elif complete:
            found.append(_no_such_node(file, item.owner, item.node))
    return (file if found else changed), tuple(found)


def _in_section(file: File, item: Override) -> File:
    sections = [
        each
        for each in file.statements
        if isinstance(each, Section) and each.name.text == item.owner.text
    ]
    name = item.option.name.text
    for section in sections:
        if section is sections[-1] or any(o.name.text == name for o in section.options):
            options = tuple(_with(section.options, item.option, file.source))
            return _replaced(file, section, replace(section, options=options))
    end = len(file.source.text)
    added = Section(item.owner, (item.option,), Span(file.source, end, end))
    return replace(file, statements=(*file.statements, added))


def _holder(file: File, item: Override) -> Node | None:
    """The statement that declares the node of an override."""
    for each in file.statements:
        if isinstance(each, Node) and each.keyword == item.owner.text:
            names = each.names[:1] if each.keyword == "observe" else each.names
            if any(item.node == name for name in names):
                return each
    return None


def _in_node(file: File, item: Override, node: Node) -> File:
    """The option goes to one name; others of its statement get one of their own."""
    options = tuple(_with(node.options, item.option, file.source))
    if node.keyword == "observe":
        return _replaced(file, node, replace(node, options=options))
    at = node.names.index(cast("Identifier", item.node))
    parts = (node.names[:at], node.names[at : at + 1], node.names[at + 1 :])
    pieces = [
        replace(node, names=names, options=options if i == 1 else node.options)
        for i, names in enumerate(parts)
        if names
    ]
    return _replaced(file, node, *pieces)


def _with(options: tuple[Option, ...], new: Option, source: Source) -> Iterator[Option]:
    """Options with one more, in the place of the first of its name if there is one."""
    name, placed = new.name.text, False
    for option in options:
        if option.name.text == name and not placed:
            placed = True
            yield new
        elif option.name.text != RIVALS.get(name) or option.span.source is not source:
            yield option
    if not placed:
        yield new


def _replaced(file: File, old: Statement, *new: Statement) -> File:
    statements = file.statements
    at = next(i for i, each in enumerate(statements) if each is old)
    return replace(file, statements=(*statements[:at], *new, *statements[at + 1 :]))


def _no_such_node(file: File, owner: Identifier, name: Identifier) -> Diagnostic:
    nodes = [each for each in file.statements if isinstance(each, Node)]
    names = {
        keyword: [
            n.text for each in nodes if each.keyword == keyword for n in each.names
        ]
        for keyword in NODES
    }
    other = NODES[owner.text == "latent"]
    help = None
    if name.text in names[other]:
        help = f"write `{other}.{name.text}.…`"
    elif near := nearest(name.text, names[owner.text]):
        help = f"did you mean `{near}`?"
    message = f"there is no `{owner.text} {name.text}`"
    return error("E221", message, name.span, "not declared", help=help)
