"""Whether a sound spec suits a data set: its shape, its columns, their kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dagspec.data import DATASETS
from dagspec.data.source import Column
from dagspec.diagnostic import Diagnostic, Label, Span, nearest
from dagspec.spec import Latent, Observed, Spec
from dagspec.syntax.tree import File, Node, Option, Section, Sequence


def declared_mismatches(spec: Spec, file: File) -> tuple[Diagnostic, ...]:
    """What in a file does not suit the data set that it names itself.

    Silent where there is nothing to compare with: no data set is named, it is not in
    the table (`--data` may replace it), or its files decide about shape and columns.

    Args:
        spec: The meaning of the file.
        file: What was written.
    """
    dataset = DATASETS.get((spec.training.data or "").partition(":")[0])
    if dataset is None:
        return ()
    columns = dataset.columns
    if dataset.columns_of is not None and spec.process is not None:
        columns = dataset.columns_of(spec.process)
    return mismatches(spec, dataset.shape, columns, file)


def mismatches(
    spec: Spec,
    shape: tuple[int, ...] | None,
    columns: tuple[Column, ...] | None,
    file: File | None = None,
) -> tuple[Diagnostic, ...]:
    """What in a spec does not suit a data set.

    Args:
        spec: Any spec.
        shape: Shape of one example; None if anything will do.
        columns: The labels that there are; None if that is not known.
        file: What was written; without it no diagnostic has a place.

    Returns:
        Errors E801 to E803, the observed node's first, then in the order of latents.
    """
    data = spec.training.data
    match = _Match(f"`{data}`" if data else "the data", _Places(file))
    found: list[Diagnostic] = []
    if shape is not None and shape != spec.observed.shape:
        found.append(match.shape(spec.observed, shape))
    if columns is not None:
        known = {column.name: column for column in columns}
        for latent in spec.latents:
            found.extend(match.labels(latent, known))
    return tuple(found)


@dataclass(frozen=True)
class _Places:
    """Where things were written, as far as there is a file that says them."""

    file: File | None

    def node(self, name: str) -> Node | None:
        for item in self.file.statements if self.file else ():
            if isinstance(item, Node) and name in {each.text for each in item.names}:
                return item
        return None

    def size(self, name: str) -> Span | None:
        node = self.node(name)
        if node is None:
            return None
        return node.family.span.to(node.size.span if node.size else node.family.span)

    def label(self, name: str, number: int) -> Span | None:
        node = self.node(name)
        option = _option(node.options if node else (), "label")
        if option is None:
            return None
        value = option.value
        return value.items[number].span if isinstance(value, Sequence) else value.span

    def data(self) -> Span | None:
        for item in self.file.statements if self.file else ():
            if isinstance(item, Section) and item.name.text == "training":
                option = _option(item.options, "data")
                if option is not None:
                    return option.value.span
        return None


def _option(options: tuple[Option, ...], name: str) -> Option | None:
    return next((option for option in options if option.name.text == name), None)


@dataclass(frozen=True)
class _Match:
    """Makes the diagnostics of one data set."""

    data: str
    places: _Places

    def shape(self, observed: Observed, shape: tuple[int, ...]) -> Diagnostic:
        message = f"`{observed.name}` is {list(observed.shape)}, "
        message += f"{self.data} has {list(shape)}"
        return self._error(
            "E801",
            message,
            self.places.size(observed.name),
            f"not the shape of an example of {self.data}",
            help=f"write `{observed.family}{list(shape)}`",
        )

    def labels(self, latent: Latent, known: dict[str, Column]) -> Iterator[Diagnostic]:
        for number, name in enumerate(latent.label):
            span = self.places.label(latent.name, number)
            column = known.get(name)
            if column is None:
                message = f"{self.data} has no column `{name}`"
                help = _known_columns(name, tuple(known))
                yield self._error("E802", message, span, "no such column", help=help)
            elif not _pairs(latent, column):
                size = f"{latent.family}[{latent.dim}]"
                yield self._error(
                    "E803",
                    f"`{size}` cannot be tied to `{column}`",
                    span,
                    _kind(column),
                    (self.places.size(latent.name), f"`{latent.name}` is `{size}`"),
                    help=_remedy(latent, column),
                )

    def _error(
        self,
        code: str,
        message: str,
        span: Span | None,
        label: str,
        *labels: tuple[Span | None, str],
        help: str,
    ) -> Diagnostic:
        others = [*labels, (self.places.data(), "the data set")]
        shown = tuple(Label(place, text) for place, text in others if place)
        return Diagnostic("error", code, message, span, label, shown, (), help)


def _pairs(latent: Latent, column: Column) -> bool:
    if column.kind == "class":
        binary = latent.family == "bernoulli" and latent.dim == 1
        return (latent.family == "categorical" and latent.dim == column.classes) or (
            binary and column.classes == 2
        )
    if column.kind == "angle":
        return (latent.family, latent.dim, len(latent.label)) == ("normal", 2, 1)
    real = latent.family in ("normal", "laplace")
    return real and latent.dim == len(latent.label)


def _kind(column: Column) -> str:
    if column.kind == "class":
        return f"one of {column.classes} classes"
    return "an angle" if column.kind == "angle" else "a real number"


def _remedy(latent: Latent, column: Column) -> str:
    if column.kind == "class":
        binary = " or `bernoulli[1]`" if column.classes == 2 else ""
        return f"write `categorical[{column.classes}]`{binary}"
    if column.kind == "angle":
        return f'write `normal[2] {{ label = "{column.name}" }}`'
    return f"write `normal[{len(latent.label)}]` or `laplace[{len(latent.label)}]`"


def _known_columns(name: str, known: tuple[str, ...]) -> str:
    meant = nearest(name, known)
    if meant:
        return f"did you mean `{meant}`?"
    if not known:
        return "remove the label; there are none in this data set"
    return f"its columns are {', '.join(f'`{each}`' for each in known)}"
