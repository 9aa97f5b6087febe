"""The text of one override: which option of what, and its value."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast, get_args

from dagspec.diagnostic import Diagnostic, Source, Span
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.parse import parse
from dagspec.syntax.tree import Identifier, Option, Section, SectionName

NODES = ("latent", "observe")
SECTIONS = get_args(SectionName)
FORM = "SECTION.OPTION=VALUE or latent.NAME.OPTION=VALUE"
# As long as the shortest beginning of an override, so it can stand in its place.
_OPENING = "features{"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_TARGET = re.compile(rf"\s*({_NAME})\s*\.\s*(?:({_NAME})\s*\.\s*)?({_NAME})\s*")

TreeT = TypeVar("TreeT")


@dataclass(frozen=True)
class Override:
    """One option to be set.

    Attributes:
        source: The text that it was read from.
        owner: A section, or the keyword of a node.
        node: The name of that node; None for a section.
        option: The option, as a file would have it.
    """

    source: Source
    owner: Identifier
    node: Identifier | None
    option: Option


def read_override(text: str) -> Override | tuple[Diagnostic, ...]:
    """Read one override.

    Args:
        text: `section.option=value`, `latent.NAME.option=value` or
            `observe.NAME.option=value`.

    Returns:
        The override, or what is wrong with its form or the form of its value.
    """
    source = Source(f"--set {text}", text)
    target = text.partition("=")[0]
    match = _TARGET.fullmatch(target)
    if not match or target == text:
        label = "no `=`" if target == text else "of what?"
        end = len(target) if target.strip() else len(text)
        return (_malformed(Span(source, 0, end), label),)

    def word(group: int) -> Identifier:
        return Identifier(match[group], Span(source, *match.span(group)))

    owner, node = word(1), word(2) if match[2] else None
    if refusal := _not_an_owner(owner, node, match[3]):
        return (refusal,)
    option = _option(source, match.start(3))
    if isinstance(option, Option):
        return Override(source, owner, node, option)
    if option:
        return option
    return (_malformed(Span(source, len(target) + 1, len(text)), "not one value"),)


def _option(source: Source, start: int) -> Option | tuple[Diagnostic, ...]:
    """The one option of a text, from an offset on, or what is wrong with it."""
    written = f"{_OPENING.ljust(start)}{source.text[start:]}\n}}"
    file, found = parse(Source(source.name, written))
    if any(each.span and each.span.start >= len(source.text) for each in found):
        return ()
    match file.statements:
        case (Section(options=(option,)),) if not found:
            return _moved(option, source)
        case _:
            # A help that speaks of the brace would speak of what nobody wrote.
            plain = (
                replace(d, help=None) if "}" in (d.help or "") else d for d in found
            )
            return tuple(_moved(each, source) for each in plain)


def _moved(part: TreeT, source: Source) -> TreeT:
    """A part of a tree or a diagnostic with its places in another source."""
    if isinstance(part, Span):
        end = len(source.text)
        moved: Any = Span(source, min(part.start, end), min(part.end, end))
        return moved
    if isinstance(part, tuple):
        parts = cast("tuple[object, ...]", part)
        return cast("TreeT", tuple(_moved(each, source) for each in parts))
    if is_dataclass(part) and not isinstance(part, type):
        found = {f.name: _moved(getattr(part, f.name), source) for f in fields(part)}
        return replace(part, **found)
    return part


def _malformed(span: Span, label: str) -> Diagnostic:
    message = f"an override is written {FORM}"
    help = "write for example `training.batch=64` or `latent.scale.kl_weight=2`"
    return error("E220", message, span, label, help=help)


def _not_an_owner(
    owner: Identifier, node: Identifier | None, option: str
) -> Diagnostic | None:
    """What is wrong with the words before the option."""
    word = owner.text
    if word == "process":
        message = "the process cannot be set beside the file"
        help = "change its lines in the file, or copy it under another name"
        return error("E221", message, owner.span, "has no options", help=help)
    if word not in (*NODES, *SECTIONS):
        help = did_you_mean(word, (*NODES, *SECTIONS))
        if node is None and not help:
            help = f"of a latent, write `latent.{word}.{option}=…`"
        message = f"`{word}` is no section"
        label = f"must be {listed((*SECTIONS, *NODES))}"
        return error("E221", message, owner.span, label, help=help)
    if word in NODES and node is None:
        help = f"write `{word}.NAME.{option}=…`"
        return error(
            "E220", "which node is not said", owner.span, "of which?", help=help
        )
    if word in SECTIONS and node is not None:
        message = f"`{word}` has no parts with options of their own"
        help = f"write `{word}.{option}=…`"
        return error("E220", message, node.span, "not needed", help=help)
    return None
