"""The sections of the report: every number with the sentence that says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.evaluate.metrics import METRICS
from dagspec.evaluate.report.elements import (
    Markup,
    element,
    interval,
    number,
    number_row,
    table,
)
from dagspec.evaluate.report.heatmap_svg import heatmap_svg
from dagspec.evaluate.results import Bounds, Evaluation, Metric

_HEADS = ("", "value", "95% interval", "what it says")


def title(evaluation: Evaluation, description: str) -> Iterator[Markup]:
    """What was evaluated."""
    yield element("h1", f"{evaluation.model}: {evaluation.run}")
    if description:
        yield element("p", description)
    weights = "averaged" if evaluation.weights == "average" else "last"
    yield element(
        "p",
        f"{evaluation.examples:,} test examples of ",
        element("code", evaluation.data),
        f", {weights} weights, seed {evaluation.seed}. Intervals are 95% intervals by "
        "the bootstrap over examples; nothing is fitted again for them.",
    )


def fit(evaluation: Evaluation) -> Iterator[Markup]:
    """Bounds and KLs."""
    yield element("h2", "How well examples are explained")
    yield table(_HEADS, _bound_rows(evaluation.bounds))
    yield element("h3", "KL of each concept")
    yield element(
        "p",
        "What the example says about a concept that its causes do not, in nats. A "
        "concept near 0 is not used.",
    )
    rows = (
        (name, found.value, interval(found.low, found.high))
        for name, found in evaluation.concepts.items()
    )
    yield table(("concept", "KL", "95% interval"), rows)
    if evaluation.labels:
        yield element("h3", "Labels")
        yield element(
            "p",
            "How well the posterior's mean tells the label: share of classes that are "
            "right (accuracy), root mean squared error in the label's units (rmse), "
            "share of its variance (r2), or mean error of an angle (error).",
        )
        yield table(("metric", "value"), evaluation.labels.items())


def _bound_rows(bounds: Bounds) -> Iterator[tuple[object, ...]]:
    yield number_row(
        "-ELBO", bounds.negative_elbo, "Nats an example costs at most; lower is better."
    )
    yield number_row(
        "-log p(x | z)", bounds.negative_log_prob, "The part that reconstruction costs."
    )
    yield number_row("KL", bounds.kl, "The part that the concepts carry, all together.")
    yield (
        "bits/dim",
        bounds.bits_per_dim,
        "",
        "-ELBO in bits a number of the example; of a density it may be negative.",
    )
    tighter = bounds.negative_log_likelihood
    if tighter is not None:
        yield number_row(
            "-log p(x), bound",
            tighter,
            f"The tighter bound of {bounds.samples} samples of z an example, on "
            f"{bounds.examples:,} examples.",
        )


def metrics(evaluation: Evaluation) -> Iterator[Markup]:
    """Scores of codes beside factors, and the heatmap."""
    yield element("h2", "Which concept lands in which unit")
    if evaluation.heatmap is not None:
        yield element(
            "p",
            "How closely every unit (a column) goes with every factor (a row), from 0 "
            "to 1. A thick border marks what the spec promises: there it should be "
            "dark, and light elsewhere, as far as the factors themselves are not "
            "correlated.",
        )
        yield element("div", heatmap_svg(evaluation.heatmap), class_="wide")
    if evaluation.metrics:
        rows = (_metric_row(name, own) for name, own in evaluation.metrics.items())
        yield table((*_HEADS, "of each"), rows)


def _metric_row(name: str, found: Metric) -> tuple[object, ...]:
    metric = METRICS[name]
    better = f" {metric.better.capitalize()} is better." if metric.better else ""
    parts = ", ".join(f"{part} {number(v)}" for part, v in found.parts.items())
    meaning = metric.measures + better
    between = interval(found.low, found.high)
    return metric.title, found.value, between, meaning, parts


def order_of_causes(evaluation: Evaluation) -> Iterator[Markup]:
    """That nothing but descendants follows, and the pendulum."""
    yield element("h2", "What an intervention leaves alone")
    largest = max(evaluation.non_descendants.values(), default=0.0)
    yield element(
        "p",
        "Setting a concept changes the values of concepts that it does not cause by at "
        f"most {number(largest)}, with the same noise: exactly nothing, where this is "
        "0.",
    )
    found = evaluation.pendulum
    if found is not None:
        yield element(
            "p",
            "Inside the pendulum's own mask a full swing of the lamp causes "
            f"{found.ratio:.2%} of the variance that a full swing of the pendulum "
            f"causes there ({found.examples} counterfactuals; {found.target:.0%} at "
            "most is the target).",
        )


def left_out(evaluation: Evaluation) -> Iterator[Markup]:
    """What is not there, and why."""
    if evaluation.left_out:
        yield element("h2", "What is left out")
        yield table(("", "why"), evaluation.left_out.items())
