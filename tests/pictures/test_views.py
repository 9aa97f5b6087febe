from __future__ import annotations

import re

import pytest

from dagspec.pictures import VIEWS, draw
from dagspec.plan import Plan
from tests.conftest import Golden
from tests.pictures.plans import (
    DSPRITES,
    chain_plan,
    complete_plan,
    layered_plan,
    make_plan,
)
from tests.pictures.reading import label_texts, parse_dot

FREE = make_plan([f"z{i}" for i in range(10)], name="free", structure="mean_field")
PARTLY = make_plan(
    {"a": "normal[1]", "b": "bernoulli[1]", "c": "normal[2]"},
    [("a", "b"), ("b", "image"), ("c", "image")],
    name="partly",
)
VECTOR = make_plan(
    ["a", "b", "c"],
    [("a", "b"), ("b", "c"), ("a", "c")],
    name="vector",
    observed="x",
    shape=(20,),
    widths=(64, 64),
)
LARGE = layered_plan(1000, 8, 3, name="large")
LIGHT = "#8c959f"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "plan", [DSPRITES, FREE, PARTLY, VECTOR, LARGE], ids=lambda plan: plan.name
)
def test_pictures_are_as_reviewed(plan: Plan, view: str, golden: Golden):
    drawing = draw(plan, view)
    golden(f"dot/{plan.name}.{view}.dot", drawing.source)
    golden(f"dot/{plan.name}.{view}.mmd", drawing.mermaid)


def test_order_of_edges_means_nothing():
    edges = [("a", "c"), ("b", "c"), ("a", "b")]
    one, other = make_plan("abc", edges), make_plan("abc", edges[::-1])
    for view in VIEWS:
        assert draw(one, view).source == draw(other, view).source


def test_unknown_view_is_an_error():
    with pytest.raises(ValueError, match="unknown view 'conept': use concept, inf"):
        draw(DSPRITES, "conept")


def test_concept_view_has_the_edges_of_the_prior():
    graph = parse_dot(draw(DSPRITES).source)
    shown = {ends for ends, look in graph.edges.items() if look.get("style") != "invis"}
    inner = {(tail, head) for tail, head in shown if head != "image"}
    assert inner == {("shape", "scale"), ("pos_x", "orientation")}


def test_concept_view_does_not_hang_on_the_posterior():
    one, other = (
        draw(make_plan("ab", [("a", "b")], structure=structure)).source
        for structure in ("top_down", "mean_field")
    )
    assert one == other


def test_every_concept_feeds_by_light_arrows_when_no_edge_is_written():
    graph = parse_dot(draw(DSPRITES).source)
    arrows = {tail: graph.edges[tail, "image"]["color"] for tail in DSPRITES.by_name}
    assert set(arrows.values()) == {LIGHT}


def test_written_edges_into_the_observed_node_are_not_light():
    graph = parse_dot(draw(PARTLY).source)
    fed = {tail for tail, head in graph.edges if head == "image"}
    assert fed == {"b", "c"}
    assert graph.edges["b", "image"].get("color") != LIGHT


def test_many_concepts_feed_by_one_arrow_from_their_frame():
    graph = parse_dot(draw(FREE).source)
    arrows = [look for ends, look in graph.edges.items() if ends[1] == "image"]
    assert [look["ltail"] for look in arrows] == ["cluster_concepts"]


def test_a_generation_has_a_row_of_its_own():
    source = draw(VECTOR).source
    assert re.findall(r"rank=same; (.*?)}", source) == ['"a"', '"b"', '"c"']


def test_long_generation_is_broken_into_equal_rows():
    rows = re.findall(r"rank=same; (.*?)}", draw(FREE).source)
    assert [row.count(";") + 1 for row in rows] == [5, 5]


def test_discrete_concepts_have_corners():
    graph = parse_dot(draw(PARTLY).source)
    shapes = {name: graph.nodes[name]["shape"] for name in "abc"}
    assert shapes == {"a": "ellipse", "b": "box", "c": "ellipse"}


def test_description_is_the_tooltip():
    plan = make_plan(["a"], descriptions={"a": "what it is"})
    for view in VIEWS:
        graph = parse_dot(draw(plan, view).source)
        assert graph.nodes["a"]["tooltip"] == "what it is"


@pytest.mark.parametrize("structure", ["top_down", "mean_field"])
def test_inference_view_has_the_edges_of_the_posterior(structure: str):
    plan = make_plan("ab", [("a", "b")], structure=structure)
    edges = set(parse_dot(draw(plan, "inference").source).edges)
    read = {("image", "a"), ("image", "b")}
    assert edges - {("a", "b")} == read
    assert (("a", "b") in edges) == (structure == "top_down")


def test_inference_view_names_structure_and_combine():
    plan = make_plan("ab", [("a", "b")], combine="precision")
    said = "\n".join(label_texts(draw(plan, "inference").source))
    assert "structure top_down" in said
    assert "combine precision" in said


def test_inference_arrows_are_dashed():
    source = draw(DSPRITES, "inference").source
    arrows = [line for line in source.splitlines() if "->" in line]
    assert all('style="dashed"' in a or 'style="invis"' in a for a in arrows)


def test_architecture_tells_the_shape_of_every_stage():
    said = label_texts(draw(DSPRITES, "architecture").source)
    for shape in ("32 x 32 x 32", "32 x 16 x 16", "64 x 8 x 8", "64 x 4 x 4"):
        assert sum(shape in text for text in said) == 2


def test_architecture_narrows_from_the_first_stage_on():
    graph = parse_dot(draw(DSPRITES, "architecture").source)
    for tower in ("encoder", "decoder"):
        bars = [graph.nodes[f"{tower} {stage}"] for stage in range(1, 5)]
        for side in ("width", "height"):
            sizes = [float(bar[side]) for bar in bars]
            assert sizes == sorted(sizes, reverse=True)
            assert len(set(sizes)) == 4


def test_architecture_joins_concepts_at_their_stages_alone():
    edges = set(parse_dot(draw(DSPRITES, "architecture").source).edges)
    joins = {edge for edge in edges if any("stage" in end for end in edge)}
    assert joins == {
        ("encoder 3", "stage 3"),
        ("stage 3", "decoder 3"),
        ("encoder 4", "stage 4"),
        ("stage 4", "decoder 4"),
    }


def test_architecture_counts_every_parameter():
    said = "\n".join(label_texts(draw(DSPRITES, "architecture").source))
    parts = DSPRITES.parameters
    assert f"{sum(parts.values()):,} parameters" in said
    for part in ("encoder", "readouts", "concepts", "writers"):
        assert f"{part}\n{parts[part]:,}" in said
    for latent in DSPRITES.latents:
        assert f"[{latent.dim}] · {latent.parameters:,}" in said


def test_concept_that_is_not_written_is_dashed():
    graph = parse_dot(draw(PARTLY, "architecture").source)
    assert graph.nodes["a"]["style"] == "filled,dashed"
    assert "dashed" not in graph.nodes["b"].get("style", "")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "plan",
    [LARGE, chain_plan(300), complete_plan(40)],
    ids=["layers", "chain", "complete"],
)
def test_large_graph_is_drawn_together(plan: Plan, view: str):
    drawing = draw(plan, view)
    assert len(parse_dot(drawing.source).nodes) < 60
    assert len(drawing.source) < 30_000
    assert len(drawing.mermaid) < 30_000


@pytest.mark.parametrize("view", ["concept", "inference"])
def test_no_concept_or_edge_of_a_large_graph_goes_uncounted(view: str):
    said = label_texts(draw(LARGE, view).source)
    concepts = sum(counts(said, r"([\d,]+) concepts?"))
    edges = sum(counts(said, r"([\d,]+) edges?"))
    assert concepts == 1000
    assert edges == sum(len(latent.parents) for latent in LARGE.latents)


def test_large_graph_tells_how_many_concepts_feed():
    names = [f"z{i}" for i in range(100)]
    plan = make_plan(names, [(name, "image") for name in names[:30]])
    said = "\n".join(label_texts(draw(plan).source))
    assert "100 concepts" in said
    assert "30 of them feed image" in said


def test_no_concept_or_edge_of_a_large_architecture_goes_uncounted():
    plan = layered_plan(400, 8, 3, at={f"z{i}": 1 + i % 4 for i in range(400)})
    said = label_texts(draw(plan, "architecture").source)
    assert sum(counts(said, r"(\d+) concepts?")) == 400
    edges = sum(len(latent.parents) for latent in plan.latents)
    assert sum(counts(said, r"(\d+) edges?")) == edges


def counts(texts: list[str], pattern: str) -> list[int]:
    found = [number for text in texts for number in re.findall(pattern, text)]
    return [int(number.replace(",", "")) for number in found]
