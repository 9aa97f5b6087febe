from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagspec.pictures import VIEWS, draw
from dagspec.pictures.escape import dot_id, printable
from tests.pictures.plans import make_plan
from tests.pictures.reading import label_texts, parse_dot

HOSTILE_NAMES = [
    *(
        "end",
        "graph",
        "class",
        "click",
        "subgraph",
        "node",
        "edge",
        "strict",
        "digraph",
    ),
    *("style", "default", "x", "o", "N", "_", "__proto__", "seen", "all", "caption"),
    *("encoder", "F1", "G1", "concepts", "cluster_concepts", "constructor"),
]
HOSTILE_TEXTS = [
    '"]; x -> y; "',
    "</td></table><b>&amp; &#65; <script>alert(1)</script>",
    r"\N \G \n \E \l \T \" \\",
    "backslash at the end \\",
    '%%{init: {"theme": "dark"}}%%',
    "line\nbreak\r\n---\nand\ttab",
    "\x00 control \x1b and \ud800 surrogate \ufffe",
    "中文 עברית Ω → …",
    "w" * 5_000,
]
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def described(text: str):
    return make_plan(
        ["a", "b"], [("a", "b")], description=text, descriptions={"a": text}
    )


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_description_leaves_the_graph_as_it_is(view: str, text: str):
    plain, hostile = draw(described("text"), view), draw(described(text), view)
    expected, found = parse_dot(plain.source), parse_dot(hostile.source)
    assert sorted(found.nodes) == sorted(expected.nodes)
    assert sorted(found.edges) == sorted(expected.edges)


@pytest.mark.parametrize("view", VIEWS)
@settings(max_examples=30)
@given(text=st.text())
def test_every_label_is_well_formed_for_any_description(view: str, text: str):
    label_texts(draw(described(text), view).source)


@pytest.mark.parametrize("text", HOSTILE_TEXTS[:-1])
def test_picture_shows_the_description_letter_by_letter(text: str):
    svg = draw(described(text), "architecture").pipe(encoding="utf-8")
    assert isinstance(svg, str)
    shown = printable(text)
    texts = [
        "".join(node.itertext())
        for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert shown in texts
    titles = re.findall(r'xlink:title="([^"]*)"', svg)
    assert shown in map(unescape, titles)


def test_long_description_is_cut():
    source = draw(described("w" * 5_000)).source
    assert len(source) < 5_000


@pytest.mark.parametrize("view", VIEWS)
def test_any_name_can_be_drawn(view: str):
    edges = list(pairwise(HOSTILE_NAMES[:9]))
    plan = make_plan(HOSTILE_NAMES, edges, name="graph", observed="image")
    drawing = draw(plan, view)
    assert set(HOSTILE_NAMES) <= set(parse_dot(drawing.source).nodes)
    drawing.pipe()


def test_no_name_hides_a_part_of_the_architecture():
    plain = parse_dot(draw(make_plan(["a"]), "architecture").source)
    own = set(plain.nodes) - {"a"}
    assert all(" " in name for name in own)


@pytest.mark.parametrize("view", VIEWS)
def test_names_are_only_in_quotes_in_mermaid(view: str):
    plan = make_plan(HOSTILE_NAMES, name="end", observed="class")
    text = draw(plan, view).mermaid
    bare = re.sub(r'"[^"]*"', "", text)
    known = {
        "flowchart",
        "subgraph",
        "end",
        "class",
        "classDef",
        "observed",
        "linkStyle",
    }
    words = {*re.findall(r"[A-Za-z_]\w*", bare)}
    ids = {word for word in words if re.fullmatch(r"[nsfg]\d+", word)}
    style = {"TD", "LR", "title", "fill", "stroke", "width", "px", "d8dce1"}
    own = {"seen", "all", "encoder", "decoder", "constant", "concepts"}
    assert words <= known | ids | style | own | {"8c959f", "c959f", "2px"}


@pytest.mark.parametrize("view", VIEWS)
def test_mermaid_label_holds_no_markup(view: str):
    text = '"]%%{init}%%<b>&`#quot;'
    plan = make_plan(["a"], observed="x")
    plan = replace(plan, name=text, observed=replace(plan.observed, name=text))
    source = draw(plan, view).mermaid
    quoted = [label.replace("<br/>", "") for label in re.findall(r'"(.*?)"', source)]
    assert not set("%{}<>&`") & set("".join(quoted))
    shown = [unescape(re.sub(r"#(\d+);", r"&#\1;", label)) for label in quoted]
    assert shown[0] == text
    assert any(label.startswith(text) for label in shown[1:])


@pytest.mark.parametrize("name", ['a"b', "a\\", 'a\\"', "<b>", "a\n"])
def test_quoted_string_is_one_string(name: str):
    graph = parse_dot(f"digraph {{ {dot_id(name)} -> {dot_id('b')} }}")
    assert len(graph.nodes) == 2
    assert len(graph.edges) == 1


def test_different_texts_are_different_strings():
    names = ["a", "a\\", "a\\\\", 'a"', 'a\\"']
    assert len(set(map(dot_id, names))) == len(names)


@given(text=st.text())
def test_printable_text_can_be_written_as_xml_and_utf8(text: str):
    line = printable(text)
    assert not UNPRINTABLE.search(line)
    line.encode()
