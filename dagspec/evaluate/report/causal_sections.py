"""The section of the report about the known process."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.evaluate.causal import Causal
from dagspec.evaluate.causal.results import (
    CausalSummary,
    EdgeEffect,
    TranslationResult,
)
from dagspec.evaluate.report.elements import Markup, element, number, table

_SUPPORT = (
    "Support is the share of examples for which the process may well give the variable "
    "the value that is set; where it is small, the question is about what never "
    "happens, and no model can be expected to know."
)


def causal_sections(causal: Causal) -> Iterator[Markup]:
    """Interventions, counterfactuals and effects beside the truth."""
    yield element("h2", "Beside the known process")
    yield table(("", "value", "what it says"), _summary_rows(causal.summary))
    yield element("p", _SUPPORT)
    rows = (_translation(name, own) for name, own in causal.translations.items())
    yield table(("concept", "stands for", "its values are read"), rows)
    if causal.left_out:
        yield table(("concept", "is left out, since"), causal.left_out.items())
    if causal.unanswered:
        yield table(("do", "has no answer, since"), causal.unanswered.items())
    if causal.effects:
        yield from _effects(causal)
    if causal.interventions:
        yield from _interventions(causal)
        yield from _counterfactuals(causal)


def _summary_rows(summary: CausalSummary) -> list[tuple[object, ...]]:
    return [
        (
            "interventional MMD",
            summary.mmd,
            "How far the model's samples under do() are from the process's; two "
            f"samples of the process are {_or_dash(summary.floor)} apart.",
        ),
        (
            "interventional MeanE",
            summary.mean_error,
            "Squared error of children's means under do().",
        ),
        (
            "interventional StdE",
            summary.std_error,
            "The same of their standard deviations.",
        ),
        (
            "counterfactual error",
            summary.counterfactual,
            "Squared error of what follows from a do(), as a share of its variance; "
            "that of the process itself, where it draws again the noise that the facts "
            f"do not tell, is {_or_dash(summary.counterfactual_floor)}.",
        ),
        (
            "counterfactual error, supported",
            summary.counterfactual_supported,
            "The same over examples for which the variable may well have this value.",
        ),
        (
            "counterfactual error, all",
            summary.counterfactual_all,
            "The same of all concepts that are not set.",
        ),
        (
            "counterfactual error, observed",
            summary.observed,
            "The same of the observed node.",
        ),
        (
            "effects",
            summary.effects,
            "Squared error of average causal effects, as a share of the child's "
            "variance.",
        ),
        ("support", summary.support, "Mean share of examples in support."),
    ]


def _translation(name: str, own: TranslationResult) -> tuple[object, ...]:
    if own.way == "label":
        return name, own.variable, "in the units of its label"
    fit = "" if own.fit is None else f"; fit {number(own.fit)}"
    return name, own.variable, f"by a calibration on validation examples{fit}"


def _effects(causal: Causal) -> Iterator[Markup]:
    yield element("h3", "Effects of edges")
    yield element(
        "p",
        "The child's mean with the parent set high, minus the same with it set low: "
        "the total effect, along all paths, so that an edge that one of the graphs "
        "lacks shows in every effect that leads through it."
        f"{_difference(causal)}",
    )
    heads = ("edge", "in", "low", "high", "learned", "true", "error", "support")
    yield table(heads, map(_effect, causal.effects))


def _difference(causal: Causal) -> str:
    """Where the graphs differ, as a sentence."""
    lacking = [e for e in causal.effects if e.in_process and not e.in_model]
    extra = [e for e in causal.effects if e.in_model and not e.in_process]
    told = [
        f"{verb} {', '.join(dict.fromkeys(f'{e.parent} → {e.child}' for e in edges))}"
        for verb, edges in (("lacks", lacking), ("adds", extra))
        if edges
    ]
    return f" The model's graph {' and '.join(told)}." if told else ""


def _effect(effect: EdgeEffect) -> tuple[object, ...]:
    outcome = "" if effect.outcome is None else f" = {effect.outcome}"
    sides = {"model": effect.in_model, "process": effect.in_process}
    return (
        f"{effect.parent} → {effect.child}{outcome}",
        " and ".join(name for name, there in sides.items() if there),
        effect.low,
        effect.high,
        effect.learned,
        effect.true,
        effect.error,
        effect.support,
    )


def _interventions(causal: Causal) -> Iterator[Markup]:
    yield element("h3", "Interventions")
    yield element(
        "p",
        f"{causal.samples:,} samples of each side, standardised. MMD is over all other "
        "variables, so a prior that does not fit a root counts under every setting; "
        "MeanE and StdE are of the children alone.",
    )
    heads = ("do", "MMD", "95% interval", "floor", "MeanE", "StdE", "support")
    rows = (
        (
            _do(each.variable, each.value),
            each.mmd,
            _interval(each.low, each.high),
            each.floor,
            each.mean_error,
            each.std_error,
            each.support,
        )
        for each in causal.interventions
    )
    yield table(heads, rows)


def _counterfactuals(causal: Causal) -> Iterator[Markup]:
    yield element("h3", "Counterfactuals")
    yield element(
        "p",
        "The model reads an example, takes back its noise, sets the variable and says "
        "what would have been; the process knows. Squared errors as shares of "
        f"variances, {causal.samples:,} examples. `Reading alone` is the error of what "
        "follows as it is read from the examples, before anything is set. `Floor` is "
        "the error of the process itself where it draws again the noise that the facts "
        "do not tell: from a class, its noise is not known.",
    )
    heads = (
        "do",
        "what follows",
        "95% interval",
        "floor",
        "reading alone",
        "in support",
        "all",
        "observed",
        "reconstruction alone",
        "of each",
    )
    rows = (
        (
            _do(each.variable, each.value),
            each.descendants,
            _interval(each.low, each.high),
            each.floor,
            each.reading,
            each.supported,
            each.all,
            each.observed,
            each.reconstruction,
            ", ".join(f"{name} {number(v)}" for name, v in each.errors.items()),
        )
        for each in causal.counterfactuals
    )
    yield table(heads, rows)


def _do(variable: str, value: float) -> str:
    return f"{variable} = {number(value)}"


def _interval(low: float | None, high: float | None) -> str:
    return f"{_or_dash(low)} to {_or_dash(high)}"


def _or_dash(value: float | None) -> str:
    return "-" if value is None else number(value)
