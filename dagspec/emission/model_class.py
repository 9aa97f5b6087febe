"""The class of one model, written as a careful colleague would write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagspec.emission.layout import (
    Expression,
    Group,
    group,
    lay_out,
    names,
    numbers,
    string,
)
from dagspec.families import FAMILIES
from dagspec.geometry import is_image
from dagspec.plan import Plan, PosteriorLevel, PriorLevel
from dagspec.spec.parameters import SUMMARY_UNITS

# From this many concepts on, a line of code for each would hide the structure.
TABLE_FROM = 30

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
    table = len(plan.latents) >= TABLE_FROM
    down, up = _blocks(plan)
    observation = _observation(plan)
    uses = {"ConceptVAE", "Encoder", "Decoder", "Mechanisms", "Heads", "Prior"}
    uses |= {"Posterior", "Readout", "Writer", down, up, observation.partition("(")[0]}
    uses |= {_family(level).partition("(")[0] for level in plan.prior}
    uses |= {"Table"} if table else set()
    statements = [
        *_towers(plan, down, up, observation),
        "",
        *_probabilities(plan, table),
        "",
        lay_out(_construction(plan, table), 2),
    ]
    lines = [
        *(_table(plan) if table else []),
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


def _probabilities(plan: Plan, table: bool) -> list[str]:
    """Statements that make p(z) and q(z | x)."""
    activation = f"activation={ACTIVATIONS[plan.features.activation]}"
    priors = [_prior(level, i, table) for i, level in enumerate(plan.prior)]
    given = plan.structure != "mean_field"
    posteriors = [
        _posterior(level, i, table, given) for i, level in enumerate(plan.posterior)
    ]
    mechanisms = group("mechanisms = Mechanisms(", [_list(priors), activation], ")")
    form = [f'combine="{plan.combine}"', f"units={SUMMARY_UNITS}", activation]
    heads = group("heads = Heads(", [_list(posteriors), *form], ")")
    return [
        "# p(z): each concept and its parents. What shares a shape is one level.",
        lay_out(mechanisms, 2),
        "",
        "# q(z | x): each concept and what it is given beside its stage's features.",
        lay_out(heads, 2),
    ]


def _construction(plan: Plan, table: bool) -> Expression:
    """The call that puts the parts together."""
    order = [latent.name for latent in plan.latents]
    stages = plan.features.stages
    read = [(s.number, _readout(plan, s.number)) for s in stages if s.read]
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
            _numbered("readouts={", read),
            _numbered("writers={", written),
            "seed=seed",
        ],
        ")",
        explode=True,
    )


def _prior(level: PriorLevel, number: int, table: bool) -> Expression:
    rows = f"CONCEPTS.prior({number})" if table else _rows(level.rows, "p")
    hidden = [] if level.standard else [f"hidden={numbers(level.hidden)}"]
    return group("Prior(", [_family(level), rows, *hidden], ")")


def _posterior(
    level: PosteriorLevel, number: int, table: bool, given: bool
) -> Expression:
    rows = (
        f"CONCEPTS.posterior({number}{'' if given else ', given=False'})"
        if table
        else _rows(level.rows, "q", f"F_{level.stage}")
    )
    options = [f"stage={level.stage}", f"hidden={numbers(level.hidden)}"]
    return group("Posterior(", [_family(level), rows, *options], ")")


def _rows(
    rows: Sequence[tuple[str, tuple[str, ...]]], letter: str, feature: str = ""
) -> Group:
    """A dictionary, a line a concept, and beside it the factor that it stands for."""
    items: list[tuple[Expression, str]] = []
    for name, inputs in rows:
        condition = ", ".join([feature, *inputs] if feature else inputs)
        factor = f"{letter}({name} | {condition})" if condition else f"{letter}({name})"
        items.append((_entry(string(name), names(inputs)), factor))
    return Group("{", tuple(items), "}", explode=True)


def _entry(key: str, value: Expression) -> Expression:
    if isinstance(value, str):
        return f"{key}: {value}"
    return Group(f"{key}: {value.opening}", value.items, value.closing, value.explode)


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
    entries = [_entry(str(number), item) for number, item in items]
    return group(opening, entries, "}", explode=True)


def _list(items: Sequence[Expression]) -> Group:
    return group("[", items, "]", explode=True)


def _family(level: PriorLevel | PosteriorLevel) -> str:
    facts = FAMILIES[level.family].latent
    assert facts is not None
    relaxed = level.temperature
    temperature = "" if relaxed is None else f", temperature={relaxed!r}"
    return f"{facts.torch_class}({level.dim}{temperature})"


def _observation(plan: Plan) -> str:
    facts = FAMILIES[plan.observed.family].observed
    assert facts is not None
    sigma = "" if plan.observed.sigma is None else f", sigma={plan.observed.sigma!r}"
    return f"{facts.torch_class}(observed{sigma})"


def _blocks(plan: Plan) -> tuple[str, str]:
    if is_image(plan.observed.shape):
        return IMAGE_BLOCKS[plan.features.block]
    return VECTOR_BLOCKS


def _table(plan: Plan) -> list[str]:
    """The table of all concepts, for a graph too large for a line of code a concept."""
    prior = {n: i for i, level in enumerate(plan.prior) for n in level.names}
    posterior = {n: i for i, level in enumerate(plan.posterior) for n in level.names}
    rows: list[str] = []
    for latent in plan.latents:
        stage = str(latent.stage) if latent.feeds else "-"
        row = f"{latent.name} {prior[latent.name]} {posterior[latent.name]} {stage}"
        causes = f" <- {' '.join(latent.parents)}" if latent.parents else ""
        rows.append(f"{row}{causes}")
    return [
        "# A concept a line: levels in p and q, stage written into, causes.",
        'CONCEPTS = Table("""',
        *rows,
        '""")',
        "",
        "",
    ]


def _plain(text: str) -> str:
    """A text of the spec that is safe and quiet in a docstring."""
    kept = (c if c.isprintable() and c not in '\\"' else " " for c in text)
    return " ".join("".join(kept).split())[:72].rstrip()
