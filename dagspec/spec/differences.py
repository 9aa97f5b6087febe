"""What distinguishes two specs, in the words of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import BaseModel

from dagspec.spec.model import Latent, Spec
from dagspec.spec.printer import write_renderers, write_variable
from dagspec.spec.process import Process
from dagspec.spec.values.annotations import OptionInfo, options_of

# What decides how long a run is, how often it is looked at and how fast it is, but no
# number in it.
FREE = frozenset(
    f"training.{name}"
    for name in (
        "steps",
        "epochs",
        "validate_every",
        "checkpoint_every",
        "patience",
        "workers",
    )
)
# Where an option may be left out for a value that the rest decides: its values.
Defaults: TypeAlias = Mapping[str, tuple[object, object]]


@dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes:
        text: Such as "`scale` has 2 dimensions, the checkpoint 1".
        free: Whether a run may go on with it: it changes neither the model nor what is
            done to it, nor the columns of what is written about it.
    """

    text: str
    free: bool = False


def differences(old: Spec, new: Spec) -> tuple[Difference, ...]:
    """Everything in which two specs differ; nothing exactly if they are equal.

    Args:
        old: The spec of a checkpoint.
        new: The spec that a run is to go on with.
    """
    return tuple(_differences(old, new))


def _differences(old: Spec, new: Spec) -> Iterator[Difference]:
    if new.name != old.name:
        text = f"the model is called `{new.name}`, in the checkpoint `{old.name}`"
        yield Difference(text)
    yield from _description("the model", old.description, new.description)
    yield from _observed(old, new)
    yield from _latents(old, new)
    yield from _edges(old, new)
    stages = {"widths": (old.widths, new.widths), "norm": (old.norm, new.norm)}
    yield from _options("features", old.features, new.features, stages)
    yield from _options("inference", old.inference, new.inference)
    yield from _options("objective", old.objective, new.objective)
    yield from _options("training", old.training, new.training)
    yield from _process(old.process, new.process)


def _description(subject: str, old: str, new: str) -> Iterator[Difference]:
    if new != old:
        yield Difference(f"{subject} is described in other words", free=True)


def _observed(old: Spec, new: Spec) -> Iterator[Difference]:
    was, node = old.observed, new.observed
    name = node.name
    if name != was.name:
        text = f"the observed node is called `{name}`, in the checkpoint `{was.name}`"
        yield Difference(text)
    yield from _family(name, was.family, node.family)
    if node.shape != was.shape:
        shapes = (
            f"[{', '.join(map(str, shape))}]" for shape in (node.shape, was.shape)
        )
        text = "`{}` has the shape {}, the checkpoint {}".format(name, *shapes)
        yield Difference(text)
    yield from _description(f"`{name}`", was.description, node.description)
    yield from _options(f"observe.{name}", was, node)


def _family(name: str, old: str, new: str) -> Iterator[Difference]:
    if new != old:
        yield Difference(f"`{name}` is `{new}`, in the checkpoint `{old}`")


def _latents(old: Spec, new: Spec) -> Iterator[Difference]:
    before = {latent.name: latent for latent in old.latents}
    after = {latent.name: latent for latent in new.latents}
    yield from (Difference(f"`{n}` is new") for n in after if n not in before)
    yield from (Difference(f"`{n}` is gone") for n in before if n not in after)
    both = [name for name in after if name in before]
    nats = (old.objective.free_bits, new.objective.free_bits)
    for name in both:
        defaults = {"at": (old.stages[name], new.stages[name]), "free_bits": nats}
        yield from _latent(before[name], after[name], defaults)
    if both != [name for name in before if name in after]:
        order = "in another order, which is that of the columns of metrics.csv"
        yield Difference(f"the concepts are declared {order}")


def _latent(old: Latent, new: Latent, defaults: Defaults) -> Iterator[Difference]:
    yield from _family(new.name, old.family, new.family)
    if new.dim != old.dim:
        count = f"{new.dim} dimension{'s' * (new.dim != 1)}"
        yield Difference(f"`{new.name}` has {count}, the checkpoint {old.dim}")
    yield from _description(f"`{new.name}`", old.description, new.description)
    yield from _options(f"latent.{new.name}", old, new, defaults)


def _options(
    owner: str, old: BaseModel, new: BaseModel, defaults: Defaults | None = None
) -> Iterator[Difference]:
    """Options that differ, written as a file would have them."""
    for name, info in options_of(type(new)).items():
        was, now = getattr(old, name), getattr(new, name)
        if was == now:
            continue
        default_was, default_now = (defaults or {}).get(name, (None, None))
        subject = f"{owner}.{name}"
        text = f"`{subject}` is {_said(info, now, default_now) or 'not set'}, "
        text += f"the checkpoint has {_said(info, was, default_was) or 'none'}"
        same = (default_was if was is None else was) == (
            default_now if now is None else now
        )
        yield Difference(text, free=subject in FREE or same)


def _process(old: Process | None, new: Process | None) -> Iterator[Difference]:
    """Lines that differ: the examples of a run come from all of them."""
    if old is None or new is None:
        if old is not new:
            yield Difference(f"the process is {'new' if old is None else 'gone'}")
        return
    before = {each.name: write_variable(each) for each in old.variables}
    after = {each.name: write_variable(each) for each in new.variables}
    for name in (name for name in after if name not in before):
        yield Difference(f"the process has a new variable, `{after[name]}`")
    for name in (name for name in before if name not in after):
        yield Difference(f"`{name}` is gone from the process")
    both = [name for name in after if name in before]
    for name in both:
        if after[name] != before[name]:
            text = f"the process has `{after[name]}`, the checkpoint `{before[name]}`"
            yield Difference(text)
    if both != [name for name in before if name in after]:
        yield Difference("the variables of the process are in another order")
    if new.renderers != old.renderers:
        made = f"`{write_renderers(new)}`, in the checkpoint `{write_renderers(old)}`"
        yield Difference(f"what is observed is made by {made}")


def _said(info: OptionInfo, value: object, default: object) -> str:
    """A value; empty where there is none."""
    if value is not None:
        empty = value == () == info.default
        return "" if empty else info.form.write(value)
    return "" if default is None else f"{info.form.write(default)} by default"


def _edges(old: Spec, new: Spec) -> Iterator[Difference]:
    before, after = _all_edges(old), _all_edges(new)
    image = new.observed.name

    def known(parent: str, child: str | None) -> bool:
        """Whether it is more than a part of a latent that is new or gone."""
        return child is not None or (parent in old.dims and parent in new.dims)

    for edges, others, what in ((after, before, "new"), (before, after, "gone")):
        for parent, child in edges:
            if (parent, child) not in others and known(parent, child):
                yield Difference(f"`{parent} -> {child or image}` is {what}")
    if _written(old) != _written(new) and set(old.feeding) == set(new.feeding):
        how = "written out" if _written(new) else "no longer written out"
        yield Difference(f"the edges into `{image}` are {how}", free=True)


def _written(spec: Spec) -> bool:
    return any(child == spec.observed.name for _, child in spec.edges)


def _all_edges(spec: Spec) -> dict[tuple[str, str | None], None]:
    """Every edge, written or not; None stands for the observed node of any name."""
    image = spec.observed.name
    edges = [(a, b) for a, b in spec.edges if b != image]
    return dict.fromkeys([*edges, *((name, None) for name in spec.feeding)])
