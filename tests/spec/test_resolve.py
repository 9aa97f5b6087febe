"""What statements mean, once they are right."""

from __future__ import annotations

import pytest

import dagspec
from dagspec.diagnostic import Source
from dagspec.spec import Mechanism, Optimizer, Quantity, Ramp, Spec, resolve
from dagspec.syntax.parse import parse
from tests.spec.reading import HEAD, codes, spec_of, underlined


def test_an_edge_statement_is_every_pair_of_neighbours() -> None:
    text = HEAD + "latent a, b, c, d: normal[1]\na, b -> c, d\n"
    edges = (("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"))
    assert spec_of(text).edges == edges


def test_a_chain_is_its_links() -> None:
    text = HEAD + "latent a, b, c: normal[1]\na -> b -> c -> image\n"
    assert spec_of(text).edges == (("a", "b"), ("b", "c"), ("c", "image"))


def test_edges_may_come_before_what_they_name() -> None:
    text = "model m\na -> b\nlatent a, b: normal[1]\nobserve x: normal[3]\n"
    assert spec_of(text).edges == (("a", "b"),)


def test_the_order_and_form_of_edges_mean_nothing() -> None:
    nodes = HEAD + "latent a, b, c: normal[1]\n"
    one = spec_of(nodes + "a -> b -> c\na -> c\n")
    assert one == spec_of(nodes + "b -> c\na -> c, b\n")


def test_latents_keep_the_order_of_their_declaration() -> None:
    text = HEAD + "latent z: normal[1]\nlatent y, a: normal[1]\n"
    assert [latent.name for latent in spec_of(text).latents] == ["z", "y", "a"]


def test_every_name_of_a_statement_has_its_options() -> None:
    spec = spec_of(HEAD + "latent a, b: categorical[3] { temperature = 2 }\n")
    assert [(each.dim, each.temperature) for each in spec.latents] == [(3, 2.0)] * 2


def test_defaults_are_the_same_as_written_defaults() -> None:
    short = HEAD + "latent a: normal[1]\n"
    long = short.replace("normal[1]", "normal[1] { prior = standard, kl_weight = 1 }")
    long += "objective { beta = 1 }\ntraining { optimizer = adam(lr = 1e-3) }\n"
    assert spec_of(short) == spec_of(long)


def test_every_concept_feeds_the_image_until_one_edge_is_written() -> None:
    nodes = HEAD + "latent a, b: normal[1]\na -> b\n"
    assert spec_of(nodes).feeding == ("a", "b")
    assert spec_of(nodes + "b -> image\n").feeding == ("b",)


def test_a_latent_may_reach_the_image_through_others() -> None:
    text = HEAD + "latent a, b, c: normal[1]\na -> b -> c -> image\n"
    assert spec_of(text).feeding == ("c",)


def test_calls_take_arguments_by_position_and_by_name() -> None:
    text = HEAD + "latent a: normal[1]\ntraining { optimizer = adamw(1e-2, eps = 1) }\n"
    assert spec_of(text).training.optimizer == Optimizer(name="adamw", lr=1e-2, eps=1)


def test_a_call_without_arguments_needs_no_parentheses() -> None:
    text = HEAD + "latent a: normal[1]\ntraining { optimizer = sgd }\n"
    assert spec_of(text) == spec_of(text.replace("sgd", "sgd()"))


def test_lengths_keep_their_unit() -> None:
    text = HEAD + "latent a: normal[1]\nobjective { warmup = cosine(500 steps) }\n"
    ramp = Ramp(shape="cosine", length=Quantity(value=500, unit="steps"))
    assert spec_of(text).objective.warmup == ramp


def test_a_share_becomes_a_fraction() -> None:
    text = HEAD + 'latent a: normal[1] { label = "a", labels = 7% }\n'
    assert spec_of(text).latents[0].labels == 0.07


def test_one_label_needs_no_brackets() -> None:
    text = HEAD + 'latent a: normal[1] { label = "a" }\n'
    assert spec_of(text) == spec_of(text.replace('"a"', '["a"]'))


def test_a_whole_number_may_have_an_exponent() -> None:
    spec = spec_of(HEAD + "latent a: normal[1]\ntraining { steps = 3e5 }\n")
    assert spec.training.steps == 300_000


def test_a_linear_mechanism_has_no_layers() -> None:
    text = HEAD + "latent a: normal[1]\nlatent b: normal[1] { mechanism = linear }\n"
    assert spec_of(text + "a -> b\n").latents[1].mechanism.hidden == ()
    assert Mechanism(name="linear").hidden == ()


def test_precision_is_a_number_or_a_name() -> None:
    text = HEAD + "latent a: normal[1]\ntraining { precision = 32 }\n"
    assert spec_of(text).training.precision == "32"
    assert spec_of(text.replace("32", "bf16")).training.precision == "bf16"


def test_hand_made_specs_have_their_edges_sorted_too() -> None:
    spec = spec_of(HEAD + "latent a, b, c: normal[1]\na -> b\nb -> c\n")
    fields = spec.model_dump() | {"edges": (("b", "c"), ("a", "b"))}
    assert Spec.model_validate(fields) == spec


BAD = HEAD + "b -> c\nlatent a: normal[0]\na -> a\ntraining { batch = 0 }\n"


def test_findings_stand_in_the_order_of_the_lines() -> None:
    file, errors = parse(Source("test.dag", BAD))
    assert errors == ()
    _, found = resolve(file)
    assert [underlined(each) for each in found] == ["b", "c", "0", "a -> a", "0"]


def test_mistakes_of_syntax_and_of_meaning_are_merged_in_that_order() -> None:
    expected = ["E201", "E201", "E313", "E204", "E115", "E313"]
    assert codes(BAD.replace("a -> a", "a - a")) == expected


@pytest.mark.parametrize(
    ("latent", "expected"),
    [
        ("normal[16]", []),
        ("normal[17]", ["W102"]),
        ("categorical[16]", []),
        ("categorical[17]", ["W102"]),
    ],
)
def test_a_concept_may_have_a_quarter_of_its_feature(
    latent: str, expected: list[str]
) -> None:
    widths = "features { widths = [64] }\n"
    text = f"model m\nobserve x: normal[9]\n{widths}latent a: {latent}\n"
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("latent", "expected"),
    [("normal[64]", []), ("normal[65]", ["W102"]), ("categorical[65]", [])],
)
def test_a_concept_is_rarely_wider_than_64(latent: str, expected: list[str]) -> None:
    assert codes(f"{HEAD}latent a: {latent}\n") == expected


def test_a_copy_with_other_edges_has_a_graph_of_its_own():
    text = "model m\nobserve x: normal[4]\nlatent a, b: normal[1]\na -> b\n"
    spec = dagspec.parse(text)
    assert spec.graph.parents("b") == ("a",)
    assert spec.posterior["b"].given == ("a",)
    turned = spec.model_copy(update={"edges": (("b", "a"),)})
    assert turned.graph.parents("b") == ()
    assert turned.posterior["a"].given == ("b",)
    assert spec.graph.parents("b") == ("a",)
