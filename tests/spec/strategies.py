"""Random specs that are legal, with names that a careless program would trip over."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from dagspec import geometry
from dagspec.graph import LatentGraph
from dagspec.spec import (
    Capacity,
    Features,
    Inference,
    Latent,
    Mechanism,
    Objective,
    Observed,
    Optimizer,
    Quantity,
    Ramp,
    Schedule,
    Spec,
    Training,
)
from dagspec.spec.process import (
    Apply,
    Computed,
    Constant,
    Drawn,
    Expression,
    Process,
    Reference,
    Renderer,
)
from dagspec.spec.renderers import RENDERERS, RendererName, enough_for

HOSTILE = (
    "train", "keys", "forward", "lambda", "class", "self", "__init__", "_", "None",
    "latent", "model", "observe", "features", "true", "false", "steps", "x", "z",
)  # fmt: skip
names = st.sampled_from(HOSTILE) | st.from_regex(
    r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True
)
texts = st.text(max_size=20)
positive = st.floats(1e-300, 1e300)
not_negative = st.just(0.0) | positive
layers = st.lists(st.integers(1, 100), min_size=1, max_size=3).map(tuple)
lengths = st.one_of(
    st.builds(Quantity, value=st.integers(1, 10**9), unit=st.just("steps")),
    st.builds(Quantity, value=positive, unit=st.just("epochs")),
    st.builds(Quantity, value=st.floats(1e-9, 100), unit=st.just("%")),
)
every = lengths.filter(lambda length: length.unit != "%")


@st.composite
def specs(draw: DrawFn, known: bool = True) -> Spec:
    """A legal spec; warnings it may have, and a process if it is `known`."""
    count = draw(st.integers(1, 8))
    found = st.lists(names, min_size=count + 1, max_size=count + 1, unique=True)
    observed, *concepts = draw(found)
    node = draw(observed_nodes(observed))
    # What makes a vector makes numbers of any size.
    suits = node.family == "normal" or len(node.shape) == 3
    features = draw(hierarchies(node.shape))
    inference = draw(inferences)
    widths = features.widths or geometry.default_widths(node.shape)
    shapes = geometry.stage_shapes(node.shape, widths)
    edges = draw(edge_sets(concepts, observed))
    objective = draw(objectives)
    room = min(map(geometry.size, shapes))
    graph = LatentGraph(concepts, [edge for edge in edges if edge[1] != observed])
    return Spec(
        name=draw(names),
        description=draw(texts),
        observed=node,
        latents=tuple(
            draw(latents(name, len(shapes), room, bool(graph.parents(name)), inference))
            if objective.capacity is None
            else Latent(name=name, family="normal", dim=1)
            for name in concepts
        ),
        edges=edges,
        features=features,
        inference=inference,
        objective=objective,
        training=draw(trainings()),
        process=draw(st.none() | processes(node)) if known and suits else None,
    )


@st.composite
def observed_nodes(draw: DrawFn, name: str) -> Observed:
    side = st.integers(1, 64)
    image = st.tuples(st.integers(1, 4), side, side).filter(lambda s: s[1:] != (1, 1))
    shape = draw(image | st.tuples(st.integers(1, 100)))
    description = draw(texts)
    family = draw(st.sampled_from(("bernoulli", "normal")))
    if family == "normal" and draw(st.booleans()):
        return Observed(
            name=name,
            family=family,
            shape=shape,
            sigma=draw(positive),
            description=description,
        )
    return Observed(name=name, family=family, shape=shape, description=description)


@st.composite
def hierarchies(draw: DrawFn, shape: tuple[int, ...]) -> Features:
    depth = draw(st.integers(1, geometry.deepest_useful_stage(shape) or 4))
    widths: list[int] = []
    room = 2**20
    for stage in geometry.stage_shapes(shape, (1,) * depth):
        pixels = geometry.size(stage)
        widths.append(draw(st.integers(1, min(room // pixels, 64))))
        room = widths[-1] * pixels
    return Features(
        widths=draw(st.none() | st.just(tuple(widths))),
        block=draw(st.sampled_from(("conv", "residual", "nvae"))),
        norm=draw(st.sampled_from((None, "none", "batch", "group"))),
        activation=draw(st.sampled_from(("silu", "relu"))),
        readout=draw(st.integers(1, 8)),
    )


hidden = st.lists(st.integers(1, 100), max_size=2).map(tuple)
inferences: SearchStrategy[Inference] = st.one_of(
    st.builds(
        Inference,
        structure=st.just("top_down"),
        combine=st.sampled_from(("independent", "residual", "precision")),
        hidden=hidden,
    ),
    st.builds(Inference, structure=st.just("mean_field"), hidden=hidden),
)


@st.composite
def edge_sets(
    draw: DrawFn, concepts: list[str], observed: str
) -> tuple[tuple[str, str], ...]:
    pairs = [(a, b) for i, a in enumerate(concepts) for b in concepts[i + 1 :]]
    edges = draw(st.sets(st.sampled_from(pairs))) if pairs else set[tuple[str, str]]()
    ends = set(concepts) - {parent for parent, _ in edges}
    if draw(st.booleans()):
        ends |= draw(st.sets(st.sampled_from(concepts)))
        edges |= {(name, observed) for name in ends}
    return tuple(edges)


@st.composite
def latents(
    draw: DrawFn, name: str, depth: int, room: int, child: bool, inference: Inference
) -> Latent:
    families = ["normal"]
    if inference.combine != "precision":
        families += ["laplace", "bernoulli"] + ["categorical"] * (room > 1)
    family = draw(st.sampled_from(families))
    dim = draw(st.integers(2 if family == "categorical" else 1, min(room, 5)))
    columns = 1 if family in ("categorical", "bernoulli") else dim
    label = draw(st.lists(texts, min_size=columns, max_size=columns, unique=True))
    labelled = draw(st.booleans()) and not (family == "bernoulli" and dim > 1)
    linear = Mechanism(name="linear")
    mechanisms = st.just(linear) | st.builds(Mechanism, hidden=layers)
    relaxed = family in ("categorical", "bernoulli")
    return Latent(
        name=name,
        family=family,
        dim=dim,
        description=draw(texts),
        at=draw(st.none() | st.integers(1, depth)),
        label=tuple(label) if labelled else (),
        weight=draw(not_negative) if labelled else 1.0,
        labels=draw(st.floats(0, 1)) if labelled else 1.0,
        mechanism=draw(mechanisms) if child else Mechanism(),
        prior="standard" if child else draw(st.sampled_from(("standard", "learned"))),
        kl_weight=draw(not_negative),
        free_bits=draw(st.none() | not_negative),
        temperature=draw(positive) if relaxed else 0.5,
    )


objectives: SearchStrategy[Objective] = st.one_of(
    st.builds(
        Objective,
        beta=not_negative,
        warmup=st.none()
        | st.builds(Ramp, shape=st.sampled_from(("linear", "cosine")), length=lengths),
        free_bits=not_negative,
        spectral=not_negative,
        likelihood_weight=positive,
    ),
    st.builds(
        Objective,
        capacity=st.builds(
            Capacity, start=not_negative, end=not_negative, length=lengths
        ),
    ),
)

share = st.floats(0, 1, exclude_max=True)
optimizers: SearchStrategy[Optimizer] = st.one_of(
    st.builds(
        Optimizer,
        name=st.sampled_from(("adam", "adamw", "adamax")),
        lr=positive,
        weight_decay=not_negative,
        eps=positive,
        beta1=share,
        beta2=share,
    ),
    st.builds(Optimizer, name=st.just("sgd"), lr=positive, momentum=share),
)
schedules: SearchStrategy[Schedule] = st.one_of(
    st.builds(Schedule, warmup=st.none() | lengths),
    st.builds(
        Schedule,
        name=st.just("cosine"),
        warmup=st.none() | lengths,
        final=not_negative,
    ),
)


@st.composite
def trainings(draw: DrawFn) -> Training:
    steps = draw(st.none() | st.integers(1, 10**9))
    validate_every = draw(st.none() | every)
    return Training(
        data=draw(st.none() | names | texts),
        batch=draw(st.integers(1, 10**5)),
        steps=steps,
        epochs=draw(st.none() | positive) if steps is None else None,
        optimizer=draw(optimizers),
        schedule=draw(schedules),
        clip=draw(st.none() | positive),
        ema=draw(st.none() | share),
        precision=draw(st.sampled_from(("32", "bf16"))),
        channels_last=draw(st.booleans()),
        workers=draw(st.integers(0, 256)),
        seed=draw(st.integers(0, 2**63 - 1)),
        log_every=draw(st.integers(1, 10**4)),
        validate_every=validate_every,
        validate_on=draw(st.integers(1, 10**5)),
        patience=draw(st.none() | st.integers(1, 100)) if validate_every else None,
        checkpoint_every=draw(st.none() | every),
    )


def expressions(known: list[str]) -> SearchStrategy[Expression]:
    """Expressions of known variables; a constant part of one is a number."""
    numbers = st.floats(-1e6, 1e6).map(lambda value: Constant(value=value))
    leaves: SearchStrategy[Expression]
    leaves = st.sampled_from(known).map(lambda name: Reference(name=name))

    def apply(function: str, *operands: Expression) -> Expression:
        return Apply.model_validate({"function": function, "operands": operands})

    def grown(varying: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
        unary = st.sampled_from(("negate", "sin", "cos", "tanh", "exp", "abs"))
        binary = st.sampled_from(
            ("+", "-", "*", "**", "<", "<=", ">", ">=", "==", "!=", "min", "max")
        )
        several = st.sampled_from(("min", "max"))
        other = varying | numbers
        return st.one_of(
            st.builds(apply, unary, varying),
            st.builds(apply, binary, varying, other),
            st.builds(apply, binary | st.just("/"), other, varying),
            st.builds(apply, several, other, other, varying),
        )

    return st.recursive(leaves, grown, max_leaves=6) | numbers


@st.composite
def processes(draw: DrawFn, node: Observed) -> Process:
    """A sound process; each variable is made of those before it."""
    found = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    known = [name for name in found if name != node.name]
    variables = [draw(variables_of(name, known[:i])) for i, name in enumerate(known)]
    return Process(
        variables=tuple(draw(st.permutations(variables))),
        renderers=draw(renderers_for(node.shape, expressions(known))),
    )


@st.composite
def variables_of(draw: DrawFn, name: str, known: list[str]) -> Drawn | Computed:
    one = Constant(value=draw(st.floats(0.01, 1)))
    made = draw(expressions(known)) if known else one
    arguments = {
        "normal": (made, one),
        "uniform": (Constant(value=-one.value), one),
        "bernoulli": (one,),
        "categorical": (one, Constant(value=0.0), one),
    }
    family = draw(st.sampled_from(("computed", *arguments)))
    if family == "computed":
        return Computed(name=name, expression=made)
    return Drawn.model_validate(
        {"name": name, "family": family, "arguments": arguments[family]}
    )


def widths_between(inputs: int, outputs: int) -> SearchStrategy[tuple[int, ...]]:
    """Layers through which nothing is lost: wide enough, or never narrower again."""
    enough = enough_for(inputs)
    least, most = (enough, 99) if outputs >= enough else (inputs, outputs)
    found = st.lists(st.integers(least, most), min_size=1, max_size=3)
    return found.map(tuple if outputs >= enough else lambda own: tuple(sorted(own)))


@st.composite
def renderers_for(
    draw: DrawFn, shape: tuple[int, ...], made: SearchStrategy[Expression]
) -> tuple[Renderer, ...]:
    if len(shape) == 1:
        values = draw(st.lists(made, min_size=1, max_size=min(shape[0], 3)))
        options = {
            "hidden": draw(widths_between(len(values), shape[0])),
            "noise": draw(not_negative),
            "seed": draw(st.integers(0, 2**63 - 1)),
        }  # fmt: skip
        arguments = tuple((str(i), value) for i, value in enumerate(values))
        return (
            Renderer(name="mlp", arguments=arguments, options=tuple(options.items())),
        )
    drawing: list[RendererName]
    drawing = [name for name, facts in RENDERERS.items() if facts.suits(shape)]
    found: list[Renderer] = []
    for name in draw(st.lists(st.sampled_from(drawing), min_size=1, max_size=3)):
        facts = RENDERERS[name]
        words = (*facts.needed, *(w for w in facts.defaults if draw(st.booleans())))
        arguments = tuple((word, draw(made)) for word in words)
        found.append(Renderer(name=name, arguments=arguments))
    return tuple(found)
