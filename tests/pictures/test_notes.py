"""A line under each concept of the concept view."""

from __future__ import annotations

import pytest

from dagspec.pictures import draw
from tests.pictures.plans import DSPRITES, layered_plan
from tests.pictures.reading import label_texts, parse_dot

NOTES = {"scale": "KL 2.31", "shape": "KL 1.10"}


def _text(label: str) -> list[str]:
    return label_texts(f"=<{label}>")[0].split("\n")


def test_a_note_stands_under_its_concept():
    nodes = parse_dot(draw(DSPRITES, notes=NOTES).source).nodes
    texts = {name: _text(nodes[name]["label"]) for name in DSPRITES.by_name}
    assert texts["scale"] == ["scale", "normal[1]", "KL 2.31"]
    assert texts["pos_x"] == ["pos_x", "normal[1]"]


def test_a_note_is_in_mermaid_too():
    assert "scale<br/>normal[1]<br/>KL 2.31" in draw(DSPRITES, notes=NOTES).mermaid


def test_no_notes_leave_the_picture_as_it_was():
    assert draw(DSPRITES, notes={}).source == draw(DSPRITES).source


def test_a_note_for_no_concept_is_an_error():
    with pytest.raises(ValueError, match="a note for 'size', which is no concept of"):
        draw(DSPRITES, notes={"size": "KL 1"})


@pytest.mark.parametrize("view", ["inference", "architecture"])
def test_other_views_have_no_room_for_notes(view: str):
    with pytest.raises(ValueError, match=f"'{view}' has no room for notes"):
        draw(DSPRITES, view, NOTES)


def test_a_graph_too_large_to_be_read_is_drawn_without_them():
    plan = layered_plan(100, 4, 2)
    notes = dict.fromkeys(plan.by_name, "KL 1.00")
    assert draw(plan, notes=notes).source == draw(plan).source
