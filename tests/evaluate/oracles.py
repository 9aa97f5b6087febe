"""A process whose answers are known by hand, and models that know it, or nearly.

a ~ N(0.5, 1.5²), b = 0.6 a + 0.8 u, on ~ Bernoulli(0.3) and
c = 0.8 a - 0.5 b + on + 0.5 u; the observed node is (a, b, c, on) itself, so that
nothing is lost in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from dagspec.compiler import parse
from dagspec.data import Column
from dagspec.nn.label_kinds import BinaryLabel, RealLabel
from dagspec.nn.labels import Labels
from dagspec.nn.output import Sample
from dagspec.spec import Spec
from dagspec.spec.process import Apply, Constant, Drawn, Process, Reference

NAMES = ("a", "b", "c", "on")
STD = {"a": 1.5, "b": (0.36 * 2.25 + 0.64) ** 0.5}
# Var(c) = 0.5² Var(a) + 0.5² 0.8² + 0.21 + 0.5²; the slope by way of b counts in.
STD["c"] = (0.25 * 2.25 + 0.16 + 0.21 + 0.25) ** 0.5
STD["on"] = 0.21**0.5
MEAN = {"a": 0.5, "b": 0.3, "c": 0.25 + 0.3, "on": 0.3}

SPEC = parse(
    """\
model oracle
observe x: normal[4]
latent a: normal[1] { label = "a" }
latent b: normal[1] { label = "b" }
latent c: normal[1] { label = "c" }
latent on: bernoulli[1] { label = "on" }
a -> b -> c
a, on -> c
"""
)


def times(factor: float, name: str) -> Apply:
    operands = (Constant(value=factor), Reference(name=name))
    return Apply(function="*", operands=operands)


def plus(*terms) -> Apply:
    first, *rest = terms
    for term in rest:
        first = Apply(function="+", operands=(first, term))
    return first


def normal(name: str, mean, std: float) -> Drawn:
    return Drawn(name=name, family="normal", arguments=(mean, Constant(value=std)))


PROCESS = Process(
    variables=(
        normal("a", Constant(value=0.5), 1.5),
        normal("b", times(0.6, "a"), 0.8),
        normal("c", plus(times(0.8, "a"), times(-0.5, "b"), Reference(name="on")), 0.5),
        Drawn(name="on", family="bernoulli", arguments=(Constant(value=0.3),)),
    ),
    renderers=(),
)


@dataclass(frozen=True)
class Mechanisms:
    """The mechanisms, each of which a model may have wrong."""

    slope_b: float = 0.6
    slope_c: float = -0.5
    shift_c: float = 0.0
    std_c: float = 0.5

    def run(self, noise, do):
        """All variables from noise; the same code for arrays and tensors."""
        a = do.get("a", 0.5 + 1.5 * noise["a"])
        on = do.get("on", 1.0 * (noise["on"] < 0.3))
        b = do.get("b", self.slope_b * a + 0.8 * noise["b"])
        mean = 0.8 * a + self.slope_c * b + on + self.shift_c
        c = do.get("c", mean + self.std_c * noise["c"])
        return {"a": a, "b": b, "c": c, "on": on}

    def abduct(self, values):
        """Noise that explains all variables; `on` needs none, having no cause."""
        a, b, c, on = (values[name] for name in NAMES)
        mean = 0.8 * a + self.slope_c * b + on + self.shift_c
        return {
            "a": (a - 0.5) / 1.5,
            "b": (b - self.slope_b * a) / 0.8,
            "c": (c - mean) / self.std_c,
            "on": 1.0 - on,
        }


class KnownSimulator:
    """The process, written by hand."""

    process = PROCESS
    columns = (*(Column(n, "real") for n in "abc"), Column("on", "class", classes=2))

    def noise(self, n, seed=0):
        rng = np.random.default_rng(seed)
        drawn = {name: rng.standard_normal(n) for name in ("a", "b", "c")}
        return {**drawn, "on": rng.random(n), "x": np.zeros((n, 4))}

    def redraw(self, noise, seed=0):
        return dict(noise)  # `on` has no cause, so its noise decides nothing else

    def factors(self, noise, do=None):
        n = len(noise["a"])
        values = Mechanisms().run(noise, do or {})
        return {name: np.broadcast_to(values[name], n).astype(float) for name in NAMES}

    def render(self, factors):
        return np.stack([factors[name] for name in NAMES], 1).astype(np.float32)

    def observe(self, factors, noise):
        return self.render(factors)


class Oracle:
    """A model that reads x perfectly; its mechanisms and habits are given.

    Args:
        mechanisms: What it believes.
        follow: Whether what a concept causes follows it.
        flipped: Whether its class 1 of `on` means 0.
    """

    def __init__(self, mechanisms=None, follow=True, flipped=False):
        self.mechanisms = mechanisms or Mechanisms()
        self.follow, self.flipped = follow, flipped
        self.labels = Labels({RealLabel(1): NAMES[:3], BinaryLabel(): NAMES[3:]})
        self.labels.fit(
            {n: (torch.tensor([MEAN[n]]), torch.tensor([STD[n]])) for n in NAMES[:3]}
        )

    def noise(self, n, seed=0) -> dict[str, Tensor]:
        rng = np.random.default_rng([seed, 1])
        drawn = {name: rng.standard_normal(n) for name in ("a", "b", "c")}
        drawn["on"] = rng.random(n)
        return {name: torch.from_numpy(value) for name, value in drawn.items()}

    def sample(self, n, do=None, noise=None) -> Sample:
        values = self._run(noise, self._values(do or {}))
        return self._sample(values, n)

    def counterfactual(self, x, do, *, noise=None) -> Sample:
        facts = dict(zip(NAMES, x.double().unbind(1), strict=True))
        set_to = self._values(do)
        if not self.follow:
            return self._sample({**facts, **set_to}, len(x))
        abducted = self.mechanisms.abduct(facts)
        return self._sample(self._run(abducted, set_to), len(x))

    def codes(self, values) -> dict[str, np.ndarray]:
        """What it would say of examples with these variables."""
        latents = self._sample({n: torch.from_numpy(v) for n, v in values.items()}, 1)
        return {name: v.double().numpy() for name, v in latents.latents.items()}

    def _run(self, noise, do):
        if self.follow:
            return self.mechanisms.run(noise, do)
        return {**self.mechanisms.run(noise, {}), **do}

    def _values(self, do):
        """Concepts' own values as the variables'."""
        found = {}
        for name, rows in do.items():
            value = rows.double()[:, 0]
            if name == "on":
                found[name] = 1 - value if self.flipped else value
            else:
                found[name] = value * STD[name] + MEAN[name]
        return found

    def _sample(self, values, n) -> Sample:
        x = torch.stack([torch.as_tensor(values[name]) for name in NAMES], 1)
        latents = {n: ((values[n] - MEAN[n]) / STD[n])[:, None] for n in NAMES[:3]}
        on = 1 - values["on"] if self.flipped else values["on"]
        latents["on"] = on[:, None].double()
        return Sample(latents, x.float())


def changed(**fields):
    """The spec with other fields, made anew."""
    own = {name: getattr(SPEC, name) for name in Spec.model_fields}
    return Spec.model_validate({**own, **fields})


def unlabelled():
    """The same concepts, none of which was shown a label."""
    latents = (latent.model_copy(update={"label": ()}) for latent in SPEC.latents)
    return changed(latents=tuple(latents))


def wrong(**changes) -> Mechanisms:
    return replace(Mechanisms(), **changes)
