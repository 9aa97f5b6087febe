"""What the model makes of images: grids for the report."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from dagspec.answers.answer import Answer
from dagspec.answers.asked import Target
from dagspec.answers.images import Examples
from dagspec.answers.picture import draw_answer
from dagspec.answers.queries import counterfactual, intervene, sample, traverse
from dagspec.answers.question import Question
from dagspec.data import Batch
from dagspec.evaluate.opening import Opened
from dagspec.evaluate.report.elements import Markup, picture
from dagspec.geometry import is_image
from dagspec.monitor.grids import reconstructions

_REBUILT, _SAMPLES, _ROWS, _CAUSES = 10, 20, 2, 4


def grids(opened: Opened, batch: Batch, seed: int) -> Iterator[Markup]:
    """Reconstructions, samples, traversals and, with edges, what causes bring about.

    Nothing of vectors, which have no pictures.
    """
    trained = opened.trained
    spec, model = trained.spec, trained.model
    if not is_image(spec.observed.shape):
        return
    x = torch.from_numpy(batch.x)
    first = x[:_REBUILT]
    with torch.no_grad():
        rebuilt = model.reconstruct(first, model.noise(len(first), seed))
    drawn = reconstructions(first, rebuilt, spec.observed.name)
    yield picture(drawn, "Test examples, and under each of them its reconstruction.")
    question = Question(trained, seed=seed)
    yield _shown(sample(question, _SAMPLES), "Samples of the model.")
    labels = [(f"test {number}",) for number in range(len(x[:_ROWS]))]
    examples = Examples(x[:_ROWS], labels)
    yield _shown(
        traverse(question, examples),
        "Traversals: one concept is moved and everything else is held, also what the "
        "concept causes. This is no intervention.",
    )
    causes = [each.name for each in spec.latents if spec.graph.children(each.name)]
    if not causes:
        return
    targets = [Target(name, None) for name in causes[:_CAUSES]]
    question = Question(trained, targets=targets, seed=seed)
    yield _shown(
        intervene(question, _ROWS),
        "Interventions: one concept is set, and what it causes follows. One noise a "
        "row.",
    )
    yield _shown(
        counterfactual(question, examples),
        "Counterfactuals: what each test example would have been, had one concept had "
        "another value.",
    )


def _shown(answer: Answer, caption: str) -> Markup:
    return picture(draw_answer(answer), caption)
