"""Levels, stages and counts of the plan."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from pprint import pformat

import pytest
from hypothesis import given, settings

import dagspec
from dagspec.plan import Plan
from dagspec.spec import Spec
from tests.conftest import Golden
from tests.laws.strategies import specs

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.dag"))


def plan_of(text: str) -> Plan:
    return dagspec.lower(
        dagspec.parse(f"model m\nobserve x: bernoulli[1, 8, 8]\n{text}\n")
    )


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_plan_is_as_reviewed(path: Path, golden: Golden) -> None:
    plan = dagspec.lower(dagspec.load(path))
    golden(f"plan/{path.stem}.txt", pformat(plan, width=100) + "\n")


def test_what_agrees_in_shape_is_one_level() -> None:
    plan = plan_of("latent a, b: normal[1]\nlatent c, d: normal[1]\na -> c\nb -> d")
    assert [level.names for level in plan.prior] == [("a", "b"), ("c", "d")]
    assert [level.names for level in plan.posterior] == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    "line",
    [
        "latent b: laplace[1]",
        "latent b: normal[2]",
        "latent b: normal[1] { at = 1 }",
        "latent b: normal[1] { prior = learned }",
    ],
)
def test_what_differs_in_shape_is_another_level(line: str) -> None:
    plan = plan_of(f"latent a: normal[1]\n{line}")
    assert {level.names for level in plan.prior} == {("a",), ("b",)}


def test_few_and_many_parents_are_two_levels_and_similar_counts_one() -> None:
    roots = ", ".join(f"r{number}" for number in range(8))
    plan = plan_of(
        f"latent {roots}: normal[1]\nlatent a, b, c: normal[1]\n"
        f"{roots} -> a\nr0 -> b\nr1, r2, r3, r4, r5 -> c"
    )
    assert [level.names for level in plan.prior[1:]] == [("b",), ("a", "c")]


def test_mean_field_reads_all_generations_at_once() -> None:
    plan = plan_of(
        "latent a, b, c: normal[1]\na -> b -> c\ninference { structure = mean_field }"
    )
    assert [level.names for level in plan.posterior] == [("a", "b", "c")]
    assert all(given == () for _, given in plan.posterior[0].rows)
    assert [level.names for level in plan.prior] == [("a",), ("b",), ("c",)]


def test_a_thousand_latents_make_as_many_levels_as_generations() -> None:
    names = [[f"g{g}n{n}" for n in range(125)] for g in range(8)]
    lines = [f"latent {', '.join(row)}: normal[1]" for row in names]
    for above, below in pairwise(names):
        for number, name in enumerate(below):
            causes = ", ".join({above[number], above[number - 1], above[number - 2]})
            lines.append(f"{causes} -> {name}")
    plan = plan_of("\n".join(lines))
    assert len(plan.prior) == len(plan.posterior) == 8


def test_the_family_and_the_columns_decide_the_kind_of_a_label() -> None:
    plan = plan_of(
        'latent f: categorical[3] { label = "f" }\n'
        'latent b: normal[1] { label = "b" }\n'
        'latent a: laplace[1] { label = "a" }\n'
        'latent c: normal[2] { label = ["c", "d"] }\n'
        'latent e: normal[2] { label = "e" }\n'
        'latent g: bernoulli[1] { label = "g" }\n'
        "latent h: normal[1]"
    )
    assert [(own.kind, own.dim, own.names) for own in plan.labels] == [
        ("angle", 2, ("e",)),
        ("binary", 1, ("g",)),
        ("class", 3, ("f",)),
        ("real", 1, ("a", "b")),
        ("real", 2, ("c",)),
    ]


@settings(max_examples=60)
@given(spec=specs())
def test_levels_hold_every_concept_once_and_parents_come_first(spec: Spec) -> None:
    plan = dagspec.lower(spec)
    for levels in (plan.prior, plan.posterior):
        seen: set[str] = set()
        for level in levels:
            for _, inputs in level.rows:
                assert seen.issuperset(inputs)
            seen.update(level.names)
        names = [name for level in levels for name in level.names]
        assert sorted(names) == sorted(latent.name for latent in spec.latents)
    assert {latent.name: latent.stage for latent in plan.latents} == dict(spec.stages)
    readers = {name: s.number for s in plan.features.stages for name in s.read}
    expected = {name: spec.stages[name] for name in readers}
    if spec.inference.structure == "coupled":
        expected = dict.fromkeys(spec.stages, plan.depth)
    assert readers == expected
    blind = {latent.name for latent in plan.latents if latent.reads is None}
    assert blind == set(spec.stages) - set(readers)
    assert not blind or spec.inference.structure == "faithful"
    written = {name for stage in plan.features.stages for name in stage.written}
    assert written == set(spec.feeding)


@settings(max_examples=30)
@given(spec=specs())
def test_counts_are_those_of_the_built_model(spec: Spec) -> None:
    model, plan = dagspec.build_model(spec), dagspec.lower(spec)
    entries = sum(
        value.numel()
        for key, value in model.state_dict().items()
        if not key.startswith("labels.")
        and not key.endswith(("running_mean", "running_var", "num_batches_tracked"))
    )
    assert entries == sum(plan.parameters.values())
    for latent in plan.latents:
        own = sum(
            value.numel()
            for key, value in model.state_dict().items()
            if key.startswith((f"heads.{latent.name}.", f"mechanisms.{latent.name}."))
            or (key.startswith("writers.") and f".from.{latent.name}." in key)
        )
        assert own == latent.parameters, latent.name
