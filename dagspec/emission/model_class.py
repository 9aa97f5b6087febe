"""The class of one model, written as a careful colleague would write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dagspec.emission.concepts import (
    in_table,
    write_family,
    write_label,
    write_labels,
    write_posteriors,
    write_priors,
    write_table,
)
from dagspec.emission.layout import (
    Expression,
    Group,
    entries,
    entry,
    group,
    lay_out,
    names,
    numbers,
    string,
)
from dagspec.families import FAMILIES
from dagspec.geometry import is_image
from dagspec.plan import Plan
from dagspec.spec.parameters import SUMMARY_UNITS

IMAGE_BLOCKS = {
    "conv": ("ConvDown", "ConvUp"),
    "residual": ("ResidualDown", "ResidualUp"),
    "nvae": ("NvaeDown", "NvaeUp"),
}
VECTOR_BLOCKS = ("DenseDown", "DenseUp")
ACTIVATIONS = {"silu": "nn.SiLU", "relu": "nn.ReLU"}


@dataclass(frozen=True)
class ClassText:
    """The class and the names of `nn/` that it uses."""

    body: str
    uses: tuple[str, ...]


def write_class(plan: Plan, class_name: str) -> ClassText:
    """The text of a plan's class.

    Args:
        plan: What to build.
        class_name: Name of the class.
    """
    table = in_table(plan)
    down, up = _blocks(plan)
    observation = _observation(plan)
    uses = {"ConceptVAE", "Encoder", "Decoder", "Mechanisms", "Prior"}
    uses |= {"Posterior", "Writer", down, up, observation.partition("(")[0]}
    uses |= {"Coupled", "CoupledHeads"} if plan.bottom_up else {"Readout", "Heads"}
    uses |= {write_family(level).partition("(")[0] for level in plan.prior}
    uses |= {write_label(label).partition("(")[0] for label in plan.labels}
    uses |= {"Labels"} if plan.labels else set()
    uses |= {"Table"} if table else set()
    statements = [
        *_towers(plan, down, up, observation),
        "",
        *_probabilities(plan),
        "",
        *_labels(plan),
        lay_out(_construction(plan, table), 2),
    ]
    lines = [
        *(write_table(plan) if table else []),
        f"class {class_name}(ConceptVAE):",
        *_docstring(plan),
        "",
        "    def __init__(self, seed: int = 0) -> None:",
        *(f"        {statement}" if statement else "" for statement in statements),
    ]
    return ClassText("\n".join(lines) + "\n", tuple(sorted(uses)))


def _docstring(plan: Plan) -> list[str]:
    """What p and q are, in the docstring of the class."""
    title = _plain(plan.description) or f"The model {plan.name}."
    widths = " > ".join(
        " x ".join(map(str, shape))
        for shape in (plan.observed.shape, *(s.shape for s in plan.features.stages))
    )
    edges = sum(len(latent.parents) for latent in plan.latents)
    return [
        f'    """{title}',
        "",
        f"    {len(plan.latents)} concepts, {edges} edges between them.",
        f"    Features: {widths}.",
        '    """',
    ]


def _towers(plan: Plan, down: str, up: str, observation: str) -> list[str]:
    """Statements that make the two towers and the likelihood."""
    features = plan.features
    shapes = [numbers(stage.shape) for stage in features.stages]
    common = [
        f'norm="{features.norm}"',
        f"activation={ACTIVATIONS[features.activation]}",
    ]
    encoder = group("encoder = Encoder(", ["observed", "stages", down, *common], ")")
    outputs = "observation.outputs()"
    decoder = group("decoder = Decoder(", ["stages", outputs, up, *common], ")")
    closing = ",)" if len(shapes) == 1 else ")"
    return [
        "# The features have widths of their own: no concept decides any of them.",
        f"observed = {numbers(plan.observed.shape)}",
        lay_out(group("stages = (", shapes, closing), 2),
        f"observation = {observation}",
        lay_out(encoder, 2),
        lay_out(decoder, 2),
    ]


def _probabilities(plan: Plan) -> list[str]:
    """Statements that make p(z) and q(z | x)."""
    activation = f"activation={ACTIVATIONS[plan.features.activation]}"
    mechanisms = group(
        "mechanisms = Mechanisms(", [write_priors(plan), activation], ")"
    )
    units = [] if plan.bottom_up else [f"units={SUMMARY_UNITS}"]
    form: list[Expression] = [f'combine="{plan.combine}"', *units, activation]
    name = "CoupledHeads" if plan.bottom_up else "Heads"
    heads = group(f"heads = {name}(", [write_posteriors(plan), *form], ")")
    return [
        "# p(z): each concept and its parents. What shares a shape is one level.",
        lay_out(mechanisms, 2),
        "",
        "# q(z | x): each concept and what it is given beside "
        + ("its layer's numbers." if plan.bottom_up else "its stage's features."),
        lay_out(heads, 2),
    ]


def _labels(plan: Plan) -> list[str]:
    """Statements that make the scales of labels; none for a model without."""
    if not plan.labels:
        return []
    return [
        "# Concepts that are tied to labels; their scales are set from the data.",
        lay_out(group("labels = Labels(", [write_labels(plan)], ")"), 2),
        "",
    ]


def _construction(plan: Plan, table: bool) -> Expression:
    """The call that puts the parts together."""
    order = [latent.name for latent in plan.latents]
    stages = plan.features.stages
    written = [(s.number, _writer(plan, s.number, table)) for s in stages if s.written]
    return group(
        "super().__init__(",
        [
            f"observed={string(plan.observed.name)}",
            "order=tuple(CONCEPTS.parents)" if table else names(order, "order="),
            "encoder=encoder",
            "decoder=decoder",
            "observation=observation",
            "mechanisms=mechanisms",
            "heads=heads",
            _readouts(plan),
            _numbered("writers={", written),
            "seed=seed",
            *(["labels=labels"] if plan.labels else []),
        ],
        ")",
        explode=True,
    )


def _readouts(plan: Plan) -> Expression:
    """What reads the features for the heads."""
    stages = plan.features.stages
    if not plan.bottom_up:
        read = [(s.number, _readout(plan, s.number)) for s in stages if s.read]
        return _numbered("readouts={", read)
    options: list[Expression] = [
        f"stages[{len(stages) - 1}]",
        entries("widths={", plan.bottom_up),
        f"units={SUMMARY_UNITS}",
        f"activation={ACTIVATIONS[plan.features.activation]}",
    ]
    return group("readouts=Coupled(", options, ")")


def _readout(plan: Plan, number: int) -> Expression:
    stage = plan.features.stages[number - 1]
    options = [
        f"stages[{number - 1}]",
        f"grid={numbers(stage.grid)}",
        f"units={SUMMARY_UNITS}",
        f"activation={ACTIVATIONS[plan.features.activation]}",
    ]
    return group("Readout(", options, ")")


def _writer(plan: Plan, number: int, table: bool) -> Expression:
    stage = plan.features.stages[number - 1]
    written = f"CONCEPTS.written({number})" if table else names(stage.written)
    options = [
        written,
        "mechanisms.layout",
        f"stages[{number - 1}]",
        f"grid={numbers(stage.grid)}",
        f"units={SUMMARY_UNITS}",
        f"activation={ACTIVATIONS[plan.features.activation]}",
    ]
    return group("Writer(", options, ")")


def _numbered(opening: str, items: Iterable[tuple[int, Expression]]) -> Group:
    entries = [entry(str(number), item) for number, item in items]
    return group(opening, entries, "}", explode=True)


def _observation(plan: Plan) -> str:
    facts = FAMILIES[plan.observed.family].observed
    assert facts is not None
    sigma = "" if plan.observed.sigma is None else f", sigma={plan.observed.sigma!r}"
    return f"{facts.torch_class}(observed{sigma})"


def _blocks(plan: Plan) -> tuple[str, str]:
    if is_image(plan.observed.shape):
        return IMAGE_BLOCKS[plan.features.block]
    return VECTOR_BLOCKS


def _plain(text: str) -> str:
    """A text of the spec that is safe and quiet in a docstring."""
    kept = (c if c.isprintable() and c not in '\\"' else " " for c in text)
    return " ".join("".join(kept).split())[:72].rstrip()
