"""Random specs: graphs of 1 to 12 concepts, mixed families, stages and sizes."""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st

from dagspec.families import Combine
from dagspec.spec import (
    Features,
    Inference,
    Latent,
    Mechanism,
    Observed,
    Spec,
    Training,
)

Structure = Literal["top_down", "mean_field", "faithful", "coupled"]

# Each is something else to Python or torch.
NAMES: tuple[str, ...] = (
    "train",
    "keys",
    "lambda",
    "__init__",
    "_",
    "class",
    "forward",
    "parameters",
    "self",
    "None",
    "x1",
    "X1",
    "noise",
    "readout",
    "bias",
    "from",
)
SHAPES = {
    (1, 3, 3): (8, 8),
    (2, 5, 7): (6, 8, 8),
    (1, 1, 7): (6, 6, 8),
    (1, 8, 8): (8, 16),
    (6,): (12, 10),
}
FAMILIES = ("normal", "laplace", "categorical", "bernoulli")
FORMS: tuple[tuple[Structure, Combine], ...] = (
    ("top_down", "independent"),
    ("top_down", "residual"),
    ("top_down", "precision"),
    ("mean_field", "independent"),
    ("faithful", "independent"),
    ("coupled", "independent"),
    ("coupled", "residual"),
    ("coupled", "precision"),
)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """A legal spec."""
    structure, combine = draw(st.sampled_from(FORMS))
    shape, widths = draw(st.sampled_from(sorted(SHAPES.items())))
    families = ("normal",) if combine == "precision" else FAMILIES
    names: list[str] = draw(
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=12, unique=True)
    )
    latents = [draw(_latent(name, families, len(widths))) for name in names]
    edges = draw(_edges(names))
    roots = {name for name in names if name not in {child for _, child in edges}}
    learned = draw(st.sets(st.sampled_from(sorted(roots))))
    return Spec(
        name="random",
        observed=Observed(name="image", family=draw(_observed), shape=shape),
        latents=tuple(
            node.model_copy(update={"prior": "learned"})
            if node.name in learned
            else node
            for node in latents
        ),
        edges=tuple(sorted([*edges, *draw(_feeding(names, edges))])),
        features=Features(
            widths=widths,
            block=draw(st.sampled_from(("conv", "conv", "residual", "nvae"))),
            norm=draw(st.sampled_from((None, "none", "group", "batch"))),
            readout=draw(st.integers(1, 3)),
        ),
        inference=Inference(
            structure=structure,
            combine=combine,
            hidden=draw(st.sampled_from(((), (4,), (5, 3)))),
        ),
        training=Training(seed=draw(st.integers(0, 3))),
    )


_observed = st.sampled_from(("bernoulli", "normal"))


@st.composite
def _latent(
    draw: st.DrawFn, name: str, families: tuple[str, ...], depth: int
) -> Latent:
    family = draw(st.sampled_from(families))
    smallest = 2 if family == "categorical" else 1
    linear = Mechanism(name="linear", hidden=())
    mechanisms = (linear, Mechanism(hidden=(3,)), Mechanism(hidden=(4, 3)))
    dim = draw(st.integers(smallest, 3))
    return Latent(
        name=name,
        family=family,
        dim=dim,
        label=draw(st.sampled_from(((), *_columns(name, family, dim)))),
        at=draw(st.none() | st.integers(1, depth)),
        mechanism=draw(st.sampled_from(mechanisms)),
    )


def _columns(name: str, family: str, dim: int) -> list[tuple[str, ...]]:
    """The columns of a data set that a concept can be tied to."""
    own = tuple(f"{name} {number}" for number in range(dim))
    if family == "categorical" or (family == "bernoulli" and dim == 1):
        return [own[:1]]
    if family == "bernoulli":
        return []
    return [own, own[:1]] if (family, dim) == ("normal", 2) else [own]


@st.composite
def _edges(draw: st.DrawFn, names: list[str]) -> list[tuple[str, str]]:
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    if not pairs:
        return []
    return draw(st.lists(st.sampled_from(pairs), max_size=2 * len(names), unique=True))


@st.composite
def _feeding(
    draw: st.DrawFn, names: list[str], edges: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Edges into the image: none, so that all feed it, or at least from every sink."""
    if draw(st.booleans()):
        return []
    sinks = set(names) - {parent for parent, _ in edges}
    extra = draw(st.sets(st.sampled_from(names)))
    return [(name, "image") for name in sorted(sinks | extra)]
