"""The report: one page with every number, its meaning, and the pictures."""

from __future__ import annotations

from itertools import chain

from dagspec.data import Batch
from dagspec.evaluate.opening import Opened
from dagspec.evaluate.report import sections
from dagspec.evaluate.report.causal_sections import causal_sections
from dagspec.evaluate.report.elements import element
from dagspec.evaluate.report.page import graph_drawing, page
from dagspec.evaluate.report.pictures import grids
from dagspec.evaluate.results import Evaluation
from dagspec.spec import write_spec

__all__ = ["report"]


def report(opened: Opened, batch: Batch, evaluation: Evaluation) -> str:
    """The page about a run, complete in itself.

    Args:
        opened: The run.
        batch: The test examples that were looked at.
        evaluation: What was found.
    """
    spec = opened.trained.spec
    content = chain(
        sections.title(evaluation, spec.description),
        [graph_drawing(spec)],
        sections.fit(evaluation),
        sections.metrics(evaluation),
        sections.order_of_causes(evaluation),
        causal_sections(evaluation.causal) if evaluation.causal else (),
        [element("h2", "Pictures")] if len(opened.source.shape) == 3 else (),
        grids(opened, batch, evaluation.seed),
        sections.left_out(evaluation),
        [element("h2", "The spec"), element("pre", write_spec(spec))],
    )
    return page(f"{evaluation.model}: {evaluation.run}", content)
