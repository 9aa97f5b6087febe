"""An evaluation in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.evaluate.metrics import METRICS
from dagspec.evaluate.results import Evaluation, Number


def evaluation_text(evaluation: Evaluation) -> str:
    """The main numbers as a table, with their 95% intervals."""
    lines = [
        f"{evaluation.model}: {evaluation.run}, {evaluation.examples:,} test examples "
        f"of {evaluation.data}"
    ]
    rows = list(_rows(evaluation))
    width = max(len(name) for name, _ in rows)
    for name, found in rows:
        line = f"{name:<{width}} {found.value:>11.4g}"
        if found.low is not None and found.high is not None:
            line += f"   {found.low:.4g} to {found.high:.4g}"
        lines.append(line)
    lines += [f"left out: {name}: {why}" for name, why in evaluation.left_out.items()]
    return "\n".join(lines)


def _rows(evaluation: Evaluation) -> Iterator[tuple[str, Number]]:
    bounds = evaluation.bounds
    yield "-ELBO, nats", bounds.negative_elbo
    yield "bits/dim", Number(value=bounds.bits_per_dim)
    if bounds.negative_log_likelihood is not None:
        yield f"-log p(x), K = {bounds.samples}", bounds.negative_log_likelihood
    for name, kl in evaluation.concepts.items():
        yield f"KL of {name}, nats", kl
    for name, found in evaluation.metrics.items():
        score = Number(value=found.value, low=found.low, high=found.high)
        yield METRICS[name].title, score
    if evaluation.causal is not None:
        summary = evaluation.causal.summary
        named = (
            ("interventional MMD", summary.mmd),
            ("  its floor", summary.floor),
            ("counterfactual error", summary.counterfactual),
            ("  its floor", summary.counterfactual_floor),
            ("  where supported", summary.counterfactual_supported),
            ("error of effects", summary.effects),
            ("support", summary.support),
        )
        for name, value in named:
            if value is not None:
                yield name, Number(value=value)
    if evaluation.pendulum is not None:
        yield "lamp in the mask", Number(value=evaluation.pendulum.ratio)
