"""Plans for tests of pictures: small ones, and ones that are hard to draw."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dagspec.plan import Plan, lower
from dagspec.spec import Features, Inference, Latent, Observed, Spec


def make_plan(
    latents: Mapping[str, str] | Sequence[str],
    edges: Sequence[tuple[str, str]] = (),
    *,
    name: str = "model",
    description: str = "",
    descriptions: Mapping[str, str] | None = None,
    observed: str = "image",
    shape: tuple[int, ...] = (1, 64, 64),
    widths: tuple[int, ...] = (32, 32, 64, 64),
    at: Mapping[str, int] | None = None,
    **inference: Any,
) -> Plan:
    """A plan of concepts such as `{"a": "normal[1]"}`; a bare name is `normal[1]`."""
    kinds = (
        latents if isinstance(latents, Mapping) else dict.fromkeys(latents, "normal[1]")
    )
    concepts = [
        Latent(
            name=latent,
            family=kind.partition("[")[0],
            dim=int(kind.partition("[")[2].rstrip("]")),
            description=(descriptions or {}).get(latent, ""),
            at=(at or {}).get(latent),
        )
        for latent, kind in kinds.items()
    ]
    return lower(
        Spec(
            name=name,
            description=description,
            observed=Observed(name=observed, family="bernoulli", shape=shape),
            latents=tuple(concepts),
            edges=tuple(edges),
            features=Features(widths=widths),
            inference=Inference(**inference),
        )
    )


def layered_plan(count: int, generations: int, parents: int, **options: Any) -> Plan:
    """A random graph of `count` concepts with up to `parents` parents each."""
    draw = random.Random(0)
    names = [f"z{i}" for i in range(count)]
    size = count // generations
    edges: set[tuple[str, str]] = set()
    for i, name in enumerate(names[size:], start=size):
        start = i // size * size
        edges.add((draw.choice(names[start - size : start]), name))
        for _ in range(parents - 1):
            edges.add((draw.choice(names[:start]), name))
    return make_plan(names, sorted(edges), **options)


def chain_plan(count: int) -> Plan:
    """A path of concepts, each in a generation of its own."""
    names = [f"v{i}" for i in range(count)]
    return make_plan(names, list(pairwise(names)), name="chain")


def complete_plan(count: int) -> Plan:
    """Every concept causes every later one."""
    names = [f"v{i}" for i in range(count)]
    edges = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    return make_plan(names, edges, name="complete")


DSPRITES = make_plan(
    {
        "shape": "categorical[3]",
        "scale": "normal[1]",
        "orientation": "normal[2]",
        "pos_x": "normal[1]",
        "pos_y": "normal[1]",
    },
    [("shape", "scale"), ("pos_x", "orientation")],
    name="dsprites",
    description="Five named concepts behind a 64x64 sprite.",
    at={"orientation": 3},
)
