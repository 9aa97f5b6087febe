"""Forms that are made of forms: lists, calls, and one or the other."""

# ruff: noqa: D102 (what the methods do is said once, in Form)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from dagspec.diagnostic import Span
from dagspec.spec.records import Called, Signature
from dagspec.spec.values.forms import Form
from dagspec.spec.values.notes import Notebook, Site
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import Argument, Call, Identifier, Sequence, Value


@dataclass(frozen=True)
class Many(Form):
    """A list; where `single` is true, one item needs no brackets."""

    item: Form
    low: int = 0
    high: int | None = None
    single: bool = False

    @property
    def words(self) -> str:
        if self.single:
            return f"{self.item.words}, or a list of it"
        count = f"{self.low} to {self.high} " if self.high else ""
        return f"a list of {count}{self.item.plural}"

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if not isinstance(value, Sequence):
            if self.single:
                return [self.item.read(value, site.inner(0, site.subject), notes)]
            return self.refuse(value, site, notes)
        count = len(value.items)
        if self.single and not count:
            return self.refuse(value, site, notes)
        if self.high is not None and count > self.high:
            message = f"{site.subject} has {count:,} items, more than {self.high}"
            label = f"must be {self.words}"
            return notes.refuse(site, "E313", message, value.span, label)
        return [
            self.item.read(
                item, site.inner(i, f"item {i + 1} of {site.subject}"), notes
            )
            for i, item in enumerate(value.items)
        ]

    def write(self, value: object) -> str:
        items = [self.item.write(item) for item in cast("tuple[object, ...]", value)]
        if self.single and len(items) == 1:
            return items[0]
        return f"[{', '.join(items)}]"


@dataclass(frozen=True)
class Either(Form):
    """A word, or else something that is no word."""

    word: Form
    other: Form

    @property
    def words(self) -> str:
        return f"{self.word.words}, or {self.other.words}"

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        form = self.word if isinstance(value, Identifier) else self.other
        return form.read(value, site, notes)

    def write(self, value: object) -> str:
        form = self.word if isinstance(value, str) else self.other
        return form.write(value)


@dataclass(frozen=True)
class Invocation(Form):
    """A call of a name that `model` knows; a bare name is a call without arguments.

    Attributes:
        model: What the call makes.
        arguments: The form of each of its fields.
        required: The fields that a call must give.
    """

    model: type[Called]
    arguments: Mapping[str, Form]
    required: frozenset[str]

    @property
    def words(self) -> str:
        return listed([self.usage(name) for name in self.model.signatures])

    def usage(self, name: str) -> str:
        """How a call of `name` looks, required arguments in capitals."""
        signature = self.model.signatures[name]
        parts = [a.upper() for a in signature.arguments if a in self.required]
        if len(parts) < len(signature.arguments):
            parts.append("…")
        if signature.rest:
            parts = ["WIDTH", "…"]
        return f"{name}({', '.join(parts)})" if parts else name

    def read(self, value: Value, site: Site, notes: Notebook) -> object:
        self.note(value, site, notes)
        if isinstance(value, Call):
            name, arguments = value.name, value.arguments
        elif isinstance(value, Identifier):
            name, arguments = value, ()
        else:
            return self.refuse(value, site, notes)
        if name.text not in self.model.signatures:
            names = tuple(self.model.signatures)
            message = f"{site.subject} must be {listed(names)}, not `{name.text}`"
            help = did_you_mean(name.text, names)
            return notes.refuse(
                site, "E314", message, name.span, "no such choice", help
            )
        call = _CallReader(self, name.text, arguments, value.span, site, notes)
        signature = self.model.signatures[name.text]
        tag = {self.model.tag: name.text} if self.model.tag else {}
        if signature.rest and isinstance(value, Call):
            return tag | {signature.rest: call.rest(signature.rest)}
        return tag | call.fields(signature)

    def write(self, value: object) -> str:
        record = cast("Called", value)
        name = record.call
        signature = self.model.signatures[name]
        if signature.rest:
            item = cast("Many", self.arguments[signature.rest]).item
            layers = cast("tuple[object, ...]", getattr(record, signature.rest))
            return f"{name}({', '.join(item.write(layer) for layer in layers)})"
        parts: list[str] = []
        for field in signature.arguments:
            argument = getattr(record, field)
            if field in self.required:
                parts.append(self.arguments[field].write(argument))
            elif argument != type(record).model_fields[field].default:
                parts.append(f"{field} = {self.arguments[field].write(argument)}")
        return f"{name}({', '.join(parts)})" if parts else name


@dataclass(frozen=True)
class _CallReader:
    """One call while it is read."""

    form: Invocation
    name: str
    arguments: tuple[Argument, ...]
    span: Span
    site: Site
    notes: Notebook

    def rest(self, field: str) -> object:
        """All arguments as the items of the list `field`."""
        for argument in self.arguments:
            if argument.name:
                return self.unknown(argument.name)
        items = tuple(argument.value for argument in self.arguments)
        site = self.site.inner(field, f"the list of widths of `{self.name}`")
        form = self.form.arguments[field]
        return form.read(Sequence(items, self.span), site, self.notes)

    def fields(self, signature: Signature) -> dict[str, object]:
        """The arguments by field, those without a name by their position."""
        fields: dict[str, object] = {}
        most = len(signature.arguments)
        for position, argument in enumerate(self.arguments):
            if position >= most and not argument.name:
                self.too_many(most, self.arguments[most:])
                break
            field = self.field(signature, position, argument)
            if field in fields:
                message = f"`{self.name}` is given `{field}` twice"
                self.error(message, argument.span, "given again", None)
            elif field:
                site = self.site.inner(field, f"`{field}` of `{self.name}`")
                form = self.form.arguments[field]
                fields[field] = form.read(argument.value, site, self.notes)
        needed = [name for name in signature.arguments if name in self.form.required]
        missing = [name for name in needed if name not in fields]
        if missing and len(fields) == len(self.arguments):
            message = f"`{self.name}` needs its {listed(missing, 'and')}"
            help = f"write for example `{self.site.example}`"
            self.error(message, self.span, "an argument is missing", help)
        return fields

    def field(
        self, signature: Signature, position: int, argument: Argument
    ) -> str | None:
        """The field that an argument is for, None (and an error) if there is none."""
        if argument.name:
            if argument.name.text in signature.arguments:
                return argument.name.text
            return self.unknown(argument.name)
        return signature.arguments[position]

    def too_many(self, most: int, extra: tuple[Argument, ...]) -> None:
        """Note that there are more arguments than the call takes."""
        message = f"`{self.name}` takes {most or 'no'} argument{'s' * (most != 1)}"
        span = extra[0].span.to(extra[-1].span)
        self.error(message, span, f"{len(extra)} too many", None)

    def unknown(self, word: Identifier) -> None:
        """Note that no argument has this name."""
        signatures = self.form.model.signatures
        known = signatures[self.name].arguments
        others = [
            name for name, other in signatures.items() if word.text in other.arguments
        ]
        help = did_you_mean(word.text, known)
        if others:
            help = f"it belongs to {listed(others)}"
        elif known and not help:
            help = f"`{self.name}` takes {listed(known, 'and')}"
        elif not help:
            help = f"write for example `{self.site.example}`"
        message = f"`{self.name}` has no argument `{word.text}`"
        self.error(message, word.span, "no such argument", help)

    def error(self, message: str, span: Span, label: str, help: str | None) -> None:
        """Note that the arguments are at fault."""
        self.notes.refuse(self.site, "E316", message, span, label, help)
