"""Processes for the tests, written as in a file."""

from __future__ import annotations

from dagspec.data import Request, open_source
from dagspec.data.process import ProcessSource, Simulator
from dagspec.diagnostic import Source
from dagspec.spec import Spec, read

TRIANGLE = """
a ~ normal(0, 1)
b ~ normal(0.6 * a, 0.8)
c ~ normal(0.8 * a - 0.5 * b ** 2, 0.5)
x = mlp(a, b, c)
"""
EVERY_FAMILY = """
d = a + (k == 2)
x = mlp(a, d)
on ~ bernoulli(0.2 + 0.6 * (a > 0.5))
a ~ normal(u, 0.1 + u)
k ~ categorical(0.2, 0.3, 0.5)
u ~ uniform(0, 1)
"""
MIXED = """
a ~ normal(2, 3)
k ~ categorical(0.2, 0.3, 0.5)
on ~ bernoulli(a > 2)
u ~ uniform(0, 6)
d = a + (k == 2)
still = 4
x = mlp(a, d)
"""


def spec_of(lines: str, shape: tuple[int, ...] = (20,)) -> Spec:
    """A model of one concept `a` that observes `x`, made by these lines."""
    text = f"model m\nobserve x: normal{list(shape)}\nlatent a: normal[1]\n"
    text += f"process {{\n{lines}\n}}\ntraining {{ data = process }}\n"
    reading = read(Source("test.dag", text))
    assert reading.spec is not None, reading.diagnostics
    return reading.spec


def simulator(lines: str, shape: tuple[int, ...] = (20,)) -> Simulator:
    """What runs these lines."""
    process = spec_of(lines, shape).process
    assert process is not None
    return Simulator(process, shape)


def source(lines: str = TRIANGLE, shape: tuple[int, ...] = (20,)) -> ProcessSource:
    """These lines as a data set."""
    process = spec_of(lines, shape).process
    opened = open_source("process", Request(process=process, shape=shape))
    assert isinstance(opened, ProcessSource)
    return opened
