"""From a run to everything that can be said about its model."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from dagspec.data import Batch
from dagspec.data.source import Broken
from dagspec.evaluate.bounds import bounds, concept_kl
from dagspec.evaluate.causal import compare_with_process, observed_together
from dagspec.evaluate.encoding import Encoded, encode
from dagspec.evaluate.heatmap import heatmap
from dagspec.evaluate.known_process import find_bridge
from dagspec.evaluate.non_descendants import effects_on_non_descendants
from dagspec.evaluate.opening import Opened, Weights, open_run
from dagspec.evaluate.pendulum import DATA, lamp_inside_mask
from dagspec.evaluate.results import Evaluation
from dagspec.evaluate.scores import chosen_metrics, compared, score
from dagspec.evaluate.writing import write_evaluation
from dagspec.geometry import size
from dagspec.heap import keep_freed_memory
from dagspec.objective import label_metrics
from dagspec.pictures import make_folder

MOST_EXAMPLES = 10_000
_MOST_BYTES = 2**29
_BOUND_EXAMPLES, _BOUND_NUMBERS = 250, 2**20


def evaluate(
    run: str | os.PathLike[str],
    metrics: Sequence[str] | None = None,
    *,
    out: Path | None = None,
    samples: int | None = None,
    seed: int = 0,
    weights: Weights = "average",
    data: str | None = None,
    data_dir: Path | None = None,
    broken: Broken = "fail",
    bound_examples: int | None = None,
) -> Evaluation:
    """Evaluate a trained run on its test examples.

    Args:
        run: The run's folder.
        metrics: Names in `dagspec.evaluate.metrics.METRICS`; None for all of them. The
            rest of an evaluation is computed in any case.
        out: Folder that `evaluation.json` and `report.html` are written into; without
            it nothing is written, and no picture is made.
        samples: Test examples, at most; by default 10,000, or as many as half a
            gigabyte holds.
        seed: Of all noise and all draws: the same gives the same numbers.
        weights: Averaged weights, where the run has any, or the `last` ones.
        data: A source in place of the one that the run was trained on.
        data_dir: Folder with official files of data sets.
        broken: What to do about an example that cannot be read.
        bound_examples: Examples that the log-likelihood is bounded on, 0 for none; by
            default 250, or as many as have a million numbers together.

    Raises:
        EvaluateError: A metric is unknown, or the spec names no data.
        RunError: There is no run, or a file cannot be written.
        CheckpointError: It has no whole checkpoint.
        DataError: Its data cannot be read.
        RenderError: The folder cannot be made.
        DagSpecError: The data is not what the spec says.
    """
    keep_freed_memory()
    names = chosen_metrics(metrics)  # before anything takes long
    opened = open_run(run, weights=weights, data=data, data_dir=data_dir, broken=broken)
    if out is not None:
        make_folder(out)
    numbers = size(opened.source.shape)
    count = samples or max(1, min(MOST_EXAMPLES, _MOST_BYTES // (4 * numbers)))
    if bound_examples is None:
        bound_examples = max(1, min(_BOUND_EXAMPLES, _BOUND_NUMBERS // numbers))
    batch = opened.source.held_out(count, "test")
    found = _evaluate(opened, batch, names, seed, bound_examples)
    if out is not None:
        write_evaluation(opened, batch, found, out)
    return found


def _evaluate(
    opened: Opened,
    batch: Batch,
    names: Sequence[str],
    seed: int,
    bound_examples: int,
) -> Evaluation:
    """Everything about a run that is open, on these examples; see `evaluate`."""
    model, spec = opened.trained.model, opened.trained.spec
    encoded = encode(model, batch.x, seed)
    examples = compared(encoded, batch, opened.source.columns)
    left_out = {f"factor {name}": why for name, why in examples.left_out.items()}
    bridge = find_bridge(opened, seed)
    samples = observed_together(bridge) if bridge else None
    scores, missing = score(spec, examples, samples, names, seed)
    if bridge is None:
        missing["causal"] = "no process is known whose variables the concepts stand for"
    return Evaluation(
        run=opened.name,
        model=spec.name,
        data=opened.data,
        weights=opened.weights,
        seed=seed,
        examples=len(batch.x),
        bounds=bounds(model, batch.x, encoded, seed=seed, likelihood=bound_examples),
        concepts=concept_kl(encoded, seed),
        labels=_labels(opened, encoded, batch),
        metrics=scores,
        heatmap=(
            heatmap(spec, examples.codes, examples.factors)
            if examples.factors
            else None
        ),
        non_descendants=effects_on_non_descendants(spec, model, seed),
        causal=compare_with_process(bridge) if bridge else None,
        pendulum=(
            lamp_inside_mask(spec, model, batch, seed=seed)
            if opened.data == DATA
            else None
        ),
        left_out=left_out | missing,
    )


def _labels(opened: Opened, encoded: Encoded, batch: Batch) -> Mapping[str, float]:
    spec, factors = opened.trained.spec, dict[str, NDArray[np.generic]](batch.factors)
    labels = {name for latent in spec.latents for name in latent.label}
    tensors = {name: torch.from_numpy(factors[name]) for name in sorted(labels)}
    return label_metrics(spec, opened.trained.model, encoded.posterior, tensors)
