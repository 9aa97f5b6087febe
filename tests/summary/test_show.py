"""What `show` prints, beside expected outputs, and that it stays readable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import dagspec
from dagspec.plan import Plan
from dagspec.spec import Spec
from dagspec.summary import formulas, listing, overview, record, set_latex, set_text
from tests.laws.strategies import specs

SHOWN = Path(__file__).parents[1] / "golden" / "show"
Golden = Callable[[str, str], None]
NAMES = ["concepts", "hostile", "vector", "many"]
OUTPUTS: dict[str, Callable[[Spec, Plan], str]] = {
    "txt": overview,
    "math.txt": lambda spec, plan: set_text(formulas(spec, plan)),
    "tex": lambda spec, plan: set_latex(formulas(spec, plan)),
    "plan.txt": lambda _, plan: listing(plan),
    "json": lambda spec, plan: json.dumps(record(spec, plan), indent=2) + "\n",
}
CASES = [
    *((name, output) for name in NAMES for output in ("txt", "math.txt", "plan.txt")),
    ("coupled", "txt"),
    ("process", "txt"),
    ("coupled", "math.txt"),
    ("hostile", "tex"),
    ("concepts", "json"),
]


def load(name: str) -> tuple[Spec, Plan]:
    spec = dagspec.load(SHOWN / f"{name}.dag")
    return spec, dagspec.lower(spec)


@pytest.mark.parametrize(("name", "output"), CASES)
def test_output_is_as_expected(name: str, output: str, golden: Golden):
    golden(f"show/{name}.{output}", OUTPUTS[output](*load(name)))


@given(specs())
@settings(max_examples=30)
def test_lines_fit_a_terminal(spec: Spec):
    plan = dagspec.lower(spec)
    for text in (overview(spec, plan), set_text(formulas(spec, plan))):
        assert max(map(len, text.splitlines())) <= 100
        assert not any(line != line.rstrip() for line in text.splitlines())


def test_a_long_name_is_not_broken():
    name = "x" * 120
    text = f"model m\nobserve y: bernoulli[1, 8, 8]\nlatent {name}: normal[1]\n"
    spec = dagspec.parse(text)
    plan = dagspec.lower(spec)
    for shown in (overview(spec, plan), listing(plan), set_text(formulas(spec, plan))):
        assert name in shown
        assert not re.search("(?<!x)xx+(?!x)", shown.replace(name, ""))


@given(specs())
@settings(max_examples=30)
def test_record_survives_json(spec: Spec):
    found = record(spec, dagspec.lower(spec))
    read = json.loads(json.dumps(found, allow_nan=False))
    assert json.dumps(read) == json.dumps(found)


@pytest.mark.parametrize("name", NAMES)
def test_record_holds_the_spec(name: str):
    spec, plan = load(name)
    assert dagspec.parse(str(record(spec, plan)["spec"])) == spec


def test_keys_of_the_record_do_not_depend_on_the_model():
    first, *others = (keys(record(*load(name))) for name in NAMES)
    assert all(other == first for other in others)


def keys(found: object) -> object:
    """The names in a record, down to what a spec itself has chosen."""
    if isinstance(found, dict):
        free = ("objective", "training", "parameters")
        return {k: None if k in free else keys(v) for k, v in found.items()}
    if isinstance(found, list | tuple) and found and isinstance(found[0], dict):
        return [keys(found[0])]
    return None


@pytest.mark.parametrize("name", NAMES)
def test_parameters_add_up(name: str):
    spec, plan = load(name)
    parts: Any = record(spec, plan)["parameters"]
    assert 2 * parts["total"] == sum(parts.values())
    assert parts["concepts"] == sum(latent.parameters for latent in plan.latents)


def test_a_description_cannot_steer_the_terminal():
    spec, plan = load("hostile")
    shown = overview(spec, plan) + set_text(formulas(spec, plan)) + listing(plan)
    assert "\x1b" in spec.description
    assert "\x1b" not in shown


def test_thirty_concepts_are_listed_and_one_more_are_not():
    def lines(count: int, everything: bool = False) -> int:
        names = ", ".join(f"z{i:02}" for i in range(count))
        text = f"model m\nobserve x: bernoulli[1, 8, 8]\nlatent {names}: normal[1]\n"
        spec = dagspec.parse(text)
        return overview(spec, dagspec.lower(spec), everything).count("\n  z")

    assert lines(30) == 2 * 30
    assert lines(31) == 0
    assert lines(31, everything=True) == 2 * 31


def test_the_factorisations_are_those_of_the_graph():
    spec, plan = load("concepts")
    text = " ".join(set_text(formulas(spec, plan)).split())
    assert (
        "p(image, z) = p(image | place, turn, lit) p(kind) p(size) "
        "p(place | kind, size) p(turn | place) p(lit | kind)"
    ) in text
    assert (
        "q(z | image) = q(kind | F₂) q(size | F₂) q(place | F₂, kind, size) "
        "q(turn | F₁, place) q(lit | F₂, kind)"
    ) in text
