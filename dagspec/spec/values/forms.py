"""What a value looks like in a file: how it is read, written and called.

A form looks at the kind of a value only. Whether a number is in its range is for
pydantic to say; the places noted here give its findings their spans.
"""

# ruff: noqa: D102 (what the methods do is said once, in Form)

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from dagspec.spec.values.notes import Notebook, Place, Site, shown
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import (
    Boolean,
    Call,
    Identifier,
    Number,
    Operation,
    Sequence,
    Text,
    Value,
)

KINDS: Mapping[type[Value], str] = {
    Number: "a number",
    Text: "text",
    Boolean: "a truth value",
    Identifier: "a name",
    Sequence: "a list",
    Call: "a call",
    Operation: "a calculation",
}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Form(ABC):
    """One kind of value. `words` says what is asked for, `plural` the same of many."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What a value must be, with an article: 'a whole number, 1 or more'."""

    @property
    def plural(self) -> str:
        """The same for the items of a list."""
        return self.words

    @abstractmethod
    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        """The value as plain data for pydantic; what is wrong goes to `notes`."""

    @abstractmethod
    def write(self, value: object) -> str:
        """The text that reads as `value`."""

    def refuse(self, value: Value, site: Site, notes: Notebook) -> None:
        """Note that the value is of another kind."""
        message = f"{site.subject} must be {self.words}, not {shown(value.span)}"
        help = f"write for example `{site.example}`"
        notes.refuse(site, "E312", message, value.span, KINDS[type(value)], help)

    def note(self, value: Value, site: Site, notes: Notebook) -> None:
        """Remember where the value was."""
        notes.places[site.loc] = Place(site, value.span, self.words)


@dataclass(frozen=True)
class Choice(Form):
    """One of a few words."""

    options: tuple[str, ...]

    @property
    def words(self) -> str:
        return listed(self.options)

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        word = _word(value)
        if word in self.options:
            return word
        message = f"{site.subject} must be {self.words}, not {shown(value.span)}"
        help = did_you_mean(word or "", self.options)
        if isinstance(value, Text) and value.value in self.options:
            help = f"write `{value.value}` without quotes"
        return notes.refuse(site, "E314", message, value.span, "no such choice", help)

    def write(self, value: object) -> str:
        return str(value)


@dataclass(frozen=True)
class Quoted(Form):
    """Text; where `bare` is true, a single name needs no quotes."""

    bare: bool = False

    @property
    def words(self) -> str:
        return "a name, or text in quotes" if self.bare else "text in quotes"

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if isinstance(value, Text):
            return value.value
        if not isinstance(value, Identifier):
            return self.refuse(value, site, notes)
        if self.bare:
            return value.text
        message = f"{site.subject} must be {self.words}, not a name"
        help = f'write `"{value.text}"`'
        return notes.refuse(
            site, "E312", message, value.span, "quotes are missing", help
        )

    def write(self, value: object) -> str:
        text = str(value)
        plain = NAME.fullmatch(text) and text not in ("true", "false")
        return text if self.bare and plain else json.dumps(text)


@dataclass(frozen=True)
class Truth(Form):
    """Yes or no."""

    @property
    def words(self) -> str:
        return "`true` or `false`"

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if isinstance(value, Boolean):
            return value.value
        word = shown(value.span).strip('`"')
        help = f"write `{MEANT[word.lower()]}`" if word.lower() in MEANT else None
        if help is None and not isinstance(value, Identifier):
            return self.refuse(value, site, notes)
        help = help or did_you_mean(word, ("true", "false"))
        message = f"{site.subject} must be {self.words}, not {shown(value.span)}"
        return notes.refuse(site, "E314", message, value.span, "no such choice", help)

    def write(self, value: object) -> str:
        return "true" if value else "false"


# Other languages' words for yes and no.
MEANT: Mapping[str, str] = {
    **dict.fromkeys(("true", "yes", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "0"), "false"),
}


def _word(value: Value) -> str | None:
    """The word that a choice is compared with; `precision = 32` is a choice as well."""
    if isinstance(value, Identifier):
        return value.text
    if isinstance(value, Number) and value.unit is None:
        return str(value.value)
    return None
