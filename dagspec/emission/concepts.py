"""The levels of p and q as expressions: a line a concept, or a table of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from dagspec.emission.layout import (
    Expression,
    Group,
    entry,
    group,
    names,
    numbers,
    string,
)
from dagspec.families import FAMILIES
from dagspec.plan import LabelPlan, LatentPlan, Plan, PosteriorLevel, PriorLevel

# From this many concepts on, a line of code for each would hide the structure.
TABLE_FROM = 30

LABELS = {
    "real": "RealLabel",
    "angle": "AngleLabel",
    "class": "ClassLabel",
    "binary": "BinaryLabel",
}


def write_priors(plan: Plan) -> Group:
    """The list of the prior's levels."""
    table = in_table(plan)
    return _list([_prior(level, i, table) for i, level in enumerate(plan.prior)])


def write_posteriors(plan: Plan) -> Group:
    """The list of the posterior's levels."""
    table, given = in_table(plan), plan.structure != "mean_field"
    levels = enumerate(plan.posterior)
    return _list([_posterior(plan, level, i, table, given) for i, level in levels])


def write_labels(plan: Plan) -> Group:
    """The concepts that are tied to a label, by kind of label."""
    table = in_table(plan)
    items = [
        entry(
            write_label(label),
            f"CONCEPTS.labelled({i})" if table else names(label.names),
        )
        for i, label in enumerate(plan.labels)
    ]
    return group("{", items, "}")


def write_label(label: LabelPlan) -> str:
    """One kind of label."""
    size = label.dim if label.kind in {"real", "class"} else ""
    return f"{LABELS[label.kind]}({size})"


def in_table(plan: Plan) -> bool:
    """Whether the concepts stand in a table."""
    return len(plan.latents) >= TABLE_FROM


def write_table(plan: Plan) -> list[str]:
    """The table of all concepts, for a graph too large for a line of code a concept."""
    prior = {n: i for i, level in enumerate(plan.prior) for n in level.names}
    posterior = {n: i for i, level in enumerate(plan.posterior) for n in level.names}
    labels = {n: str(i) for i, label in enumerate(plan.labels) for n in label.names}
    rows: list[str] = []
    for latent in plan.latents:
        stage = str(latent.stage) if latent.feeds else "-"
        row = f"{latent.name} {prior[latent.name]} {posterior[latent.name]} {stage}"
        row += f" {labels.get(latent.name, '-')}" if labels else ""
        causes = f" <- {' '.join(latent.parents)}" if latent.parents else ""
        rows.append(f"{row}{causes}{_given(plan, latent)}")
    columns = "levels in p and q, stage written into"
    columns += ", kind of label" if labels else ""
    columns += ", causes"
    columns += " | what q is given" if plan.structure == "faithful" else ""
    return [
        f"# A concept a line: {columns}.",
        'CONCEPTS = Table("""',
        *rows,
        '""")',
        "",
        "",
    ]


def _given(plan: Plan, latent: LatentPlan) -> str:
    """What a posterior is given, where it is not what the structure tells."""
    if plan.structure != "faithful" or latent.given == latent.parents:
        return ""
    arrow = "" if latent.parents else " <-"
    return f"{arrow} | {' '.join(latent.given)}"


def _prior(level: PriorLevel, number: int, table: bool) -> Expression:
    rows = f"CONCEPTS.prior({number})" if table else _rows(level.rows, "p")
    hidden = [] if level.standard else [f"hidden={numbers(level.hidden)}"]
    return group("Prior(", [write_family(level), rows, *hidden], ")")


def _posterior(
    plan: Plan, level: PosteriorLevel, number: int, table: bool, given: bool
) -> Expression:
    rows = (
        f"CONCEPTS.posterior({number}{'' if given else ', given=False'})"
        if table
        else _rows(level.rows, "q", _source(plan, level.reads))
    )
    options = [f"reads={level.reads}", f"hidden={numbers(level.hidden)}"]
    return group("Posterior(", [write_family(level), rows, *options], ")")


def _source(plan: Plan, reads: int | None) -> str:
    """What of x a posterior is given."""
    if reads is None:
        return ""
    return f"d_{reads}" if plan.bottom_up else f"F_{reads}"


def _rows(
    rows: Sequence[tuple[str, tuple[str, ...]]], letter: str, feature: str = ""
) -> Group:
    """A dictionary, a line a concept, and beside it the factor that it stands for."""
    items: list[tuple[Expression, str]] = []
    for name, inputs in rows:
        condition = ", ".join([feature, *inputs] if feature else inputs)
        factor = f"{letter}({name} | {condition})" if condition else f"{letter}({name})"
        items.append((entry(string(name), names(inputs)), factor))
    return Group("{", tuple(items), "}", explode=True)


def write_family(level: PriorLevel | PosteriorLevel) -> str:
    """The family that a level's concepts share."""
    facts = FAMILIES[level.family].latent
    assert facts is not None
    relaxed = level.temperature
    temperature = "" if relaxed is None else f", temperature={relaxed!r}"
    return f"{facts.torch_class}({level.dim}{temperature})"


def _list(items: Sequence[Expression]) -> Group:
    return group("[", items, "]", explode=True)
