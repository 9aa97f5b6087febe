"""Views of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagspec.pictures.architecture import architecture_dot
from dagspec.pictures.concept import NO_NOTES, concept_diagram
from dagspec.pictures.diagram_dot import diagram_dot
from dagspec.pictures.drawing import Drawing, make_drawing
from dagspec.pictures.inference import inference_diagram
from dagspec.pictures.mermaid import architecture_mermaid, diagram_mermaid
from dagspec.plan.model import Plan


def _concept(plan: Plan, notes: Mapping[str, str] = NO_NOTES) -> Drawing:
    diagram = concept_diagram(plan, notes)
    return make_drawing(diagram_dot(diagram), diagram_mermaid(diagram))


def _inference(plan: Plan) -> Drawing:
    diagram = inference_diagram(plan)
    return make_drawing(diagram_dot(diagram), diagram_mermaid(diagram))


def _architecture(plan: Plan) -> Drawing:
    return make_drawing(architecture_dot(plan), architecture_mermaid(plan))


VIEWS: Mapping[str, Callable[[Plan], Drawing]] = {
    "concept": _concept,
    "inference": _inference,
    "architecture": _architecture,
}


def draw(
    plan: Plan, view: str = "concept", notes: Mapping[str, str] = NO_NOTES
) -> Drawing:
    """A picture of a plan.

    Args:
        plan: The model.
        view: `concept`: who causes whom, and what the observed node depends on;
            `inference`: what each posterior is conditioned on; `architecture`: the two
            towers of features and where the concepts join them.
        notes: A line to be written under a concept in the concept view, by its name.

    Returns:
        A drawing that shows itself in a notebook; `save` writes it to a file.

    Raises:
        ValueError: The view is another, or a note is for no concept of this view.
    """
    if view not in VIEWS:
        raise ValueError(f"unknown view '{view}': use {', '.join(VIEWS)}")
    if not notes:
        return VIEWS[view](plan)
    if view != "concept":
        raise ValueError(f"the view '{view}' has no room for notes")
    return _concept(plan, notes)
