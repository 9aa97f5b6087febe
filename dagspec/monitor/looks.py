"""What is said of a part of a model whose numbers are not finite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor, nn

from dagspec.monitor.parameters import Named, named_entries
from dagspec.nn.distributions.family import ConceptFamily
from dagspec.nn.fused import FusedLevels
from dagspec.nn.output import Output
from dagspec.nn.packing import Layout
from dagspec.nn.queries import ConceptVAE

Look: TypeAlias = Callable[[tuple[Tensor, ...], Tensor], str | None]


def hook_of(look: Look, found: list[str]) -> Callable[..., None]:
    """A hook that notes what `look` says."""

    def hook(_module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        place = look(inputs, output)
        if place:
            found.append(place)

    return hook


def whole(place: str, module: nn.Module, path: str) -> Look:
    """Looks at everything that a module puts out."""

    def look(_inputs: tuple[Tensor, ...], output: Tensor) -> str | None:
        if is_finite(output):
            return None
        return place + _guilty(named_entries(module, path))

    return look


def rows_of(
    family: ConceptFamily, names: Sequence[str], owner: FusedLevels, path: str
) -> Look:
    """Looks at what a level puts out, `(L, outputs, B)`, concept by concept."""
    words = ("mu", "sigma") if family.count == 2 else ("logits",)
    head = path == "heads"
    noun, kind = ("head", "posterior") if head else ("mechanism", "prior")

    def look(_inputs: tuple[Tensor, ...], output: Tensor) -> str | None:
        bad = ~torch.isfinite(output).all(-1)
        if not bad.any():
            return None
        rows = bad.view(len(names), len(words), -1).any(-1)
        guilty = [name for name, row in zip(names, rows, strict=True) if row.any()]
        first = rows[names.index(guilty[0])]
        parts = [word for word, one in zip(words, first, strict=True) if one]
        keys = (
            named
            for named in named_entries(owner, path)
            if named.key.startswith(f"{path}.{guilty[0]}.")
        )
        return (
            f"the {noun} of {_list(guilty)} ({kind} {' and '.join(parts)})"
            f"{_guilty(keys)}"
        )

    return look


def after_samples(layout: Layout, look: Look) -> Look:
    """Looks at the packed samples that go in before anything else."""

    def first(inputs: tuple[Tensor, ...], output: Tensor) -> str | None:
        return _in_samples(layout, inputs[0]) or look(inputs, output)

    return first


def _in_samples(layout: Layout, packed: Tensor) -> str | None:
    """What to say of packed values `(rows, B)`; rows of later levels may be missing."""
    if is_finite(packed):
        return None
    names = [
        name for name, rows in layout.slices.items() if not is_finite(packed[rows])
    ]
    return f"the sample of {_list(names)}"


def in_output(model: ConceptVAE, out: Output) -> str | None:
    """What to say of a pass in which every part put out finite numbers."""
    if not is_finite(out.log_prob):
        parameter = _guilty(named_entries(model.observation, "observation"))
        return f"log p({model.observed} | z) ({examples_of(out.log_prob)}){parameter}"
    rows = zip(model.comparison.names, out.divergences, strict=True)
    names = [name for name, row in rows if not is_finite(row)]
    return f"the KL of {_list(names)}" if names else None


def _guilty(entries: Iterable[Named]) -> str:
    """The first entry that is not finite, as the rest of a sentence."""
    for named in entries:
        if not is_finite(named.value):
            return f", where `{named.key}` is not finite"
    return ""


def is_finite(values: Tensor) -> bool:
    """Whether every number is finite."""
    return bool(torch.isfinite(values).all())


def examples_of(values: Tensor) -> str:
    """The examples `(B, …)` whose numbers are not all finite, counted from 0."""
    rows = [row for row, value in enumerate(values) if not is_finite(value)]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"example {rows[0]}{more}"


def _list(names: Sequence[str], most: int = 3) -> str:
    """The first of some names, and how many follow."""
    shown = [f"`{name}`" for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    *others, last = shown
    return f"{', '.join(others)} and {last}" if others else last
