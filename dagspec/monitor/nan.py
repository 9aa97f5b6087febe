"""Where the first number that is not finite came from, in words."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn

from dagspec.monitor.looks import (
    Look,
    after_samples,
    examples_of,
    hook_of,
    in_output,
    is_finite,
    rows_of,
    whole,
)
from dagspec.monitor.parameters import named_entries
from dagspec.nn.base import Part
from dagspec.nn.coupled import Coupled
from dagspec.nn.output import Output
from dagspec.nn.queries import ConceptVAE
from dagspec.nn.readouts import Readouts


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
        if found is None and not is_finite(torch.as_tensor(term)):
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
    if not is_finite(x):
        return f"the {model.observed} itself ({examples_of(x)})"
    found: list[str] = []
    with torch.no_grad(), _unchanged(model), ExitStack() as hooks:
        for module, look in _places(model):
            hooks.callback(module.register_forward_hook(hook_of(look, found)).remove)
        torch.manual_seed(seed)
        out: Output = model(x, part)
    return found[0] if found else in_output(model, out)


def locate_gradient(model: ConceptVAE) -> str | None:
    """The gradient nearest the loss that is not finite, by its name in the state dict.

    Args:
        model: After a backward pass from a loss that is finite.
    """
    for part, path in _from_the_loss(model):
        for named in named_entries(part, path):
            if named.gradient is not None and not is_finite(named.gradient):
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
        yield stage, whole(f"stage {number} on the way up", stage, path)
    for name, read, path in _readouts(model.readouts):
        yield read, whole(name, read, path)
    for level, q in zip(model.heads.levels, model.heads.posteriors, strict=True):
        look = rows_of(q.family, tuple(q.given), model.heads, "heads")
        yield level, after_samples(model.heads.layout, look)
    for level, p in zip(model.mechanisms.levels, model.mechanisms.priors, strict=True):
        look = rows_of(p.family, tuple(p.parents), model.mechanisms, "mechanisms")
        yield level, after_samples(model.mechanisms.layout, look)
    for number, write in model.writers.items():
        place = f"what is written into stage {number}"
        look = whole(place, write, f"writers.{number}")
        yield write, after_samples(model.mechanisms.layout, look)
    for number, stage in model.decoder.stages.items():
        path = f"decoder.stages.{number}"
        yield stage, whole(f"stage {number} on the way down", stage, path)


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
