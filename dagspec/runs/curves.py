"""The picture of one run: its ELBO, the KL of its concepts, its labels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from math import isfinite, nan

from dagspec.runs.markdown import figure, nats
from dagspec.runs.metrics import MetricsTable, Series, Split
from dagspec.runs.panels import Line, Panel, draw

_KL = "kl."
_LABEL = "label."
_SHARES = ("accuracy", "r2")
_COLOUR = "#0072b2"


def draw_curves(metrics: MetricsTable, labels: Collection[str] = ()) -> bytes | None:
    """Draw what metrics.csv holds, as a PNG; None if it holds nothing yet.

    Args:
        metrics: The numbers.
        labels: Metrics of labelled concepts, such as `shape.accuracy`.
    """
    panels = [panel for panel in _panels(metrics, labels) if panel.lines]
    return draw(panels) if panels else None


def elbo_lines(metrics: MetricsTable) -> Iterator[Line]:
    """ELBO of both splits, that of training behind."""
    splits: tuple[Split, ...] = ("train", "validation")
    for split in splits:
        series = metrics.get(split, "elbo")
        if series:
            yield Line(split, series, _COLOUR, pale=split == "train")


def last(series: Series) -> float:
    """The last number of a curve; NaN if it has none."""
    return next((value for value in reversed(series.values) if isfinite(value)), nan)


def _panels(metrics: MetricsTable, labels: Collection[str]) -> Iterator[Panel]:
    yield Panel("ELBO in nats", list(elbo_lines(metrics)))
    split = curve_split(metrics, "kl")
    lines = _by_value(metrics, split, metrics.under(_KL), _KL, nats)
    yield Panel(f"KL of each concept in nats, {split}", lines, bottom=0)
    beta = metrics.get("train", "beta")
    yield Panel("β, weight of the KL", [Line(figure(last(beta)), beta)] * bool(beta), 0)
    columns = [f"{_LABEL}{name}" for name in labels]
    shares = [name for name in columns if name.rpartition(".")[2] in _SHARES]
    errors = [name for name in columns if name not in shares]
    lines = _by_value(metrics, "validation", shares, _LABEL)
    yield Panel("Labels: accuracy and R²", lines)
    lines = _by_value(metrics, "validation", errors, _LABEL)
    yield Panel("Labels: errors, each in its unit", lines, logarithmic=True)


def curve_split(metrics: MetricsTable, column: str) -> Split:
    """Validation if it has a curve of this column, else training."""
    return "validation" if len(metrics.get("validation", column)) > 1 else "train"


def _by_value(
    metrics: MetricsTable,
    split: Split,
    columns: Sequence[str],
    prefix: str,
    write: Callable[[float], str] = figure,
) -> list[Line]:
    """Curves with their last values, the largest first."""
    series = {name: metrics.get(split, name) for name in columns}
    ends = {name: last(one) for name, one in series.items() if one}
    order = sorted(ends, key=lambda name: (ends[name] != ends[name], -ends[name]))
    return [
        Line(f"{write(ends[name])}  {name.removeprefix(prefix)}", series[name])
        for name in order
    ]
