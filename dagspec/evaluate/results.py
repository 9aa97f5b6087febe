"""What an evaluation finds, as plain data that a file can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from dagspec.evaluate.causal.results import Causal
from dagspec.runs.record import Filed
from dagspec.spec.records import Frozen

FORMAT = 1


class Number(Frozen):
    """A mean or a score with its 95% interval, where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


class Bounds(Frozen):
    """How well examples are explained, in nats an example.

    Attributes:
        negative_elbo: -ELBO at one sample of z, at beta 1.
        negative_log_prob: -log p(x | z), the first part of it.
        kl: KL of all concepts, the other part.
        bits_per_dim: -ELBO/(D·ln 2), D the numbers of an example. Of a density it may
            be negative.
        negative_log_likelihood: -log 1/K Σ_k p(x, z_k)/q(z_k | x); None if left out.
        samples: K.
        examples: How many examples that is of.
    """

    negative_elbo: Number
    negative_log_prob: Number
    kl: Number
    bits_per_dim: float
    negative_log_likelihood: Number | None
    samples: int
    examples: int


class Metric(Frozen):
    """One metric of `dagspec.evaluate.metrics`.

    Attributes:
        value: The score.
        low: Lower end of its 95% interval, `high` the upper; None if there is none.
        high: See `low`.
        parts: What it is made of, by factor or by concept.
        intervals: Low and high of the parts that have an interval.
    """

    value: float
    low: float | None
    high: float | None
    parts: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]


class Heatmap(Frozen):
    """How closely every unit goes with every factor, from 0 to 1.

    Attributes:
        units: The units, column by column: `scale`, or `orientation[0]`.
        factors: The factors, row by row.
        strength: `strength[factor][unit]`.
        own: For each factor the units of the concept that the spec ties to it.
    """

    units: tuple[str, ...]
    factors: tuple[str, ...]
    strength: tuple[tuple[float, ...], ...]
    own: Mapping[str, tuple[str, ...]]


class PendulumResult(Frozen):
    """What moving the lamp does inside the pendulum's own mask.

    Attributes:
        examples: Examples that were looked at.
        lamp: Variance of a pixel in the mask that a full swing of the lamp causes.
        pendulum: The same of a full swing of the pendulum.
        ratio: The first divided by the second.
        target: What it should stay below.
    """

    examples: int
    lamp: float
    pendulum: float
    ratio: float
    target: float


class Evaluation(Filed):
    """Everything that was found about one run; `write` and `read` are its file.

    Attributes:
        format: Version of these fields.
        run: Name of the run's folder.
        model: Name of the model.
        data: The data set.
        weights: `average` or `last`.
        seed: Of all noise and all draws.
        examples: Test examples that were looked at.
        bounds: How well they are explained.
        concepts: KL of each concept in nats.
        labels: Metrics of labelled concepts, such as `shape.accuracy`.
        metrics: Scores of codes beside factors, by name.
        heatmap: Units beside factors; None of data without factors.
        non_descendants: Of each concept the largest change that setting it makes in a
            concept that it does not cause.
        causal: The model beside the known process; None where none is known.
        pendulum: Of the data set `pendulum` only.
        left_out: What was not computed, and why, by name.
    """

    format: Literal[1] = FORMAT
    run: str
    model: str
    data: str
    weights: Literal["average", "last"]
    seed: int
    examples: int
    bounds: Bounds
    concepts: Mapping[str, Number]
    labels: Mapping[str, float]
    metrics: Mapping[str, Metric]
    heatmap: Heatmap | None
    non_descendants: Mapping[str, float]
    causal: Causal | None
    pendulum: PendulumResult | None
    left_out: Mapping[str, str]

    def record(self) -> dict[str, Any]:
        """The fields as plain data, as `evaluation.json` has them."""
        return self.model_dump(mode="json")
