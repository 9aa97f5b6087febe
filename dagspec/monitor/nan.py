"""Where the first number that is not finite came from, in words."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeAlias

import torch
from torch import Tensor, nn

from dagspec.monitor.parameters import Named, named_entries
from dagspec.nn.base import Part
from dagspec.nn.distributions.family import ConceptFamily
from dagspec.nn.fused import FusedLevels
from dagspec.nn.output import Output
from dagspec.nn.packing import Layout
from dagspec.nn.queries import ConceptVAE
from dagspec.nn.readouts import Coupled, Readouts

Look: TypeAlias = Callable[[tuple[Tensor, ...], Tensor], str | None]


def find_first(
    model: ConceptVAE,
    x: Tensor,
    seed: int,
    terms: Mapping[str, Tensor | float] | None = None,
    part: Part | None = None,
) -> str | None:
    """Where the first number that is not finite came from, after a failed step.

    Args:
        model: The model, with the gradients of that step if it came so far.
        x: The step's examples.
        seed: What torch's generator was seeded with before the step.
        terms: The terms of the step's loss, by name.
        part: Which part of the batch the examples were; the whole of it if None.

    Returns:
        What `locate` finds, else the first such term, else what `locate_gradient`
        finds; None if everything is finite.
    """
    found = locate(model, x, seed, part)
    for name, term in (terms or {}).items():
        if found is None and not _finite(torch.as_tensor(term)):
            found = f"the term `{name}` of the loss"
    return found or locate_gradient(model)


def locate(
    model: ConceptVAE, x: Tensor, seed: int, part: Part | None = None
) -> str | None:
    """The first place of a forward pass in which a number is not finite.

    The pass is run again as it was, in the model's present mode and with the noise that
    follows `torch.manual_seed(seed)`; it leaves no trace in the model or in torch's
    generator.

    Args:
        model: The model.
        x: Examples `(B, *shape)`.
        seed: What torch's generator was seeded with before the step.
        part: Which part of the batch the examples were; the whole of it if None.

    Returns:
        The place in words, such as "the head of `scale` (posterior sigma)", with the
        first parameter there that is not finite itself; None if everything is finite.
    """
    if not _finite(x):
        return f"the {model.observed} itself ({_examples(x)})"
    found: list[str] = []
    with torch.no_grad(), _unchanged(model), ExitStack() as hooks:
        for module, look in _places(model):
            hooks.callback(module.register_forward_hook(_hook(look, found)).remove)
        torch.manual_seed(seed)
        out: Output = model(x, part)
    return found[0] if found else _in_output(model, out)


def locate_gradient(model: ConceptVAE) -> str | None:
    """The gradient nearest the loss that is not finite, by its name in the state dict.

    Args:
        model: After a backward pass from a loss that is finite.
    """
    for part, path in _from_the_loss(model):
        for named in named_entries(part, path):
            if named.gradient is not None and not _finite(named.gradient):
                return f"the gradient of `{named.key}` after a finite loss"
    return None


def _from_the_loss(model: ConceptVAE) -> Iterator[tuple[nn.Module, str]]:
    """The parts of a model in the order in which a gradient reaches them."""
    yield model.observation, "observation"
    for number, stage in model.decoder.stages.items():
        yield stage, f"decoder.stages.{number}"
    yield model.decoder, "decoder"
    yield model.writers, "writers"
    yield model.mechanisms, "mechanisms"
    yield model.heads, "heads"
    yield model.readouts, "readouts"
    for number, stage in reversed(list(model.encoder.stages.items())):
        yield stage, f"encoder.stages.{number}"
    yield model, ""


def _readouts(readouts: Readouts | Coupled) -> Iterator[tuple[str, nn.Module, str]]:
    """The name of each part that reads the features, the part and its path."""
    if isinstance(readouts, Readouts):
        for number, read in readouts.items():
            yield f"the readout of stage {number}", read, f"readouts.{number}"
        return
    yield "the readout of the deepest stage", readouts.linear, "readouts.linear"
    for number, layer in readouts.layers.items():
        yield f"the layer of generation {number}", layer, f"readouts.layers.{number}"


def _places(model: ConceptVAE) -> Iterator[tuple[nn.Module, Look]]:
    """Every part that is looked at, and what is then said of it.

    What goes into a part is looked at before what comes out of it, so that a sample is
    not laid to the part that reads it.
    """
    for number, stage in model.encoder.stages.items():
        path = f"encoder.stages.{number}"
        yield stage, _whole(f"stage {number} on the way up", stage, path)
    for name, read, path in _readouts(model.readouts):
        yield read, _whole(name, read, path)
    for level, q in zip(model.heads.levels, model.heads.posteriors, strict=True):
        look = _rows(q.family, tuple(q.given), model.heads, "heads")
        yield level, _after_samples(model.heads.layout, look)
    for level, p in zip(model.mechanisms.levels, model.mechanisms.priors, strict=True):
        look = _rows(p.family, tuple(p.parents), model.mechanisms, "mechanisms")
        yield level, _after_samples(model.mechanisms.layout, look)
    for number, write in model.writers.items():
        place = f"what is written into stage {number}"
        look = _whole(place, write, f"writers.{number}")
        yield write, _after_samples(model.mechanisms.layout, look)
    for number, stage in model.decoder.stages.items():
        path = f"decoder.stages.{number}"
        yield stage, _whole(f"stage {number} on the way down", stage, path)


def _hook(look: Look, found: list[str]) -> Callable[..., None]:
    """A hook that notes what `look` says."""

    def hook(_module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        place = look(inputs, output)
        if place:
            found.append(place)

    return hook


def _whole(place: str, module: nn.Module, path: str) -> Look:
    """Looks at everything that a module puts out."""

    def look(_inputs: tuple[Tensor, ...], output: Tensor) -> str | None:
        if _finite(output):
            return None
        return place + _guilty(named_entries(module, path))

    return look


def _rows(
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


def _after_samples(layout: Layout, look: Look) -> Look:
    """Looks at the packed samples that go in before anything else."""

    def first(inputs: tuple[Tensor, ...], output: Tensor) -> str | None:
        return _in_samples(layout, inputs[0]) or look(inputs, output)

    return first


def _in_samples(layout: Layout, packed: Tensor) -> str | None:
    """What to say of packed values `(rows, B)`; rows of later levels may be missing."""
    if _finite(packed):
        return None
    names = [name for name, rows in layout.slices.items() if not _finite(packed[rows])]
    return f"the sample of {_list(names)}"


def _in_output(model: ConceptVAE, out: Output) -> str | None:
    """What to say of a pass in which every part put out finite numbers."""
    if not _finite(out.log_prob):
        parameter = _guilty(named_entries(model.observation, "observation"))
        return f"log p({model.observed} | z) ({_examples(out.log_prob)}){parameter}"
    rows = zip(model.comparison.names, out.divergences, strict=True)
    names = [name for name, row in rows if not _finite(row)]
    return f"the KL of {_list(names)}" if names else None


def _guilty(entries: Iterable[Named]) -> str:
    """The first entry that is not finite, as the rest of a sentence."""
    for named in entries:
        if not _finite(named.value):
            return f", where `{named.key}` is not finite"
    return ""


def _finite(values: Tensor) -> bool:
    return bool(torch.isfinite(values).all())


def _examples(values: Tensor) -> str:
    """The examples `(B, …)` whose numbers are not all finite, counted from 0."""
    rows = [row for row, value in enumerate(values) if not _finite(value)]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"example {rows[0]}{more}"


def _list(names: Sequence[str], most: int = 3) -> str:
    """The first of some names, and how many follow."""
    shown = [f"`{name}`" for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    *others, last = shown
    return f"{', '.join(others)} and {last}" if others else last


@contextmanager
def _unchanged(model: nn.Module) -> Generator[None]:
    """Puts back the buffers of a model and torch's generators."""
    buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
    devices = {buffer.device for buffer, _ in buffers if buffer.is_cuda}
    try:
        with torch.random.fork_rng(devices=list(devices)):
            yield
    finally:
        for buffer, kept in buffers:
            buffer.copy_(kept)
