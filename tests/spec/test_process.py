"""What the section `process` means, and how it is compared with the model."""

from __future__ import annotations

import pytest

from dagspec.diagnostic import Source
from dagspec.spec import Spec, read, write_spec
from dagspec.spec.process import (
    Apply,
    Computed,
    Constant,
    Drawn,
    Process,
    Reference,
    causes,
)
from dagspec.syntax.bounds import MOST_OPERATIONS
from tests.spec.reading import codes, found_in, spec_of

VECTOR = "model m\nobserve x: normal[9]\n"
IMAGE = "model m\nobserve x: normal[1, 16, 16]\nlatent a: normal[1]\n"


def process_of(lines: str, head: str = VECTOR + "latent z: normal[1]\n") -> Process:
    process = spec_of(f"{head}process {{\n{lines}\n}}\n").process
    assert process is not None
    return process


def warned(edges: str, lines: str, latents: str = "latent a, b, c: normal[1]") -> str:
    """What the warning about the two graphs says; nothing if there is none."""
    text = f"{VECTOR}{latents}\n{edges}\nprocess {{\n{lines}\n x = mlp(a)\n}}\n"
    found = found_in(text)
    assert [each.code for each in found] in ([], ["W201"])
    return found[0].message.partition("process: it ")[2] if found else ""


def test_a_file_without_a_process_has_none() -> None:
    assert spec_of(VECTOR + "latent a: normal[1]\n").process is None


def test_every_line_has_its_meaning() -> None:
    process = process_of(
        "  b = -0.5 * a + (k == 2)\n  a ~ normal(0, std = 1)\n"
        "  k ~ categorical(0.2, 0.3, 0.5)\n  on ~ bernoulli(a > 0)\n"
        "  u ~ uniform(high = 1, low = 0)\n  x = mlp(a, b * 2, seed = 3)"
    )
    a, k = Reference(name="a"), Reference(name="k")
    zero, one = Constant(value=0), Constant(value=1)
    half = Apply(function="*", operands=(Constant(value=-0.5), a))
    second = Apply(function="==", operands=(k, Constant(value=2)))
    assert process.variables == (
        Computed(name="b", expression=Apply(function="+", operands=(half, second))),
        Drawn(name="a", family="normal", arguments=(zero, one)),
        Drawn(
            name="k",
            family="categorical",
            arguments=tuple(Constant(value=weight) for weight in (0.2, 0.3, 0.5)),
        ),
        Drawn(
            name="on",
            family="bernoulli",
            arguments=(Apply(function=">", operands=(a, zero)),),
        ),
        Drawn(name="u", family="uniform", arguments=(zero, one)),
    )
    (renderer,) = process.renderers
    double = Apply(function="*", operands=(Reference(name="b"), Constant(value=2)))
    assert (renderer.name, renderer.arguments) == ("mlp", (("0", a), ("1", double)))
    assert renderer.options == (("seed", 3),)
    assert causes(process.variables[0]) == {"a", "k"}


def test_renderers_are_given_arguments_in_order_or_by_name() -> None:
    named = "a ~ normal(0, 1)\nx = [blob(y = 2, x = a), bar(3, 0.5, 0.5, width = a)]"
    process = process_of(named, IMAGE)
    assert [renderer.name for renderer in process.renderers] == ["blob", "bar"]
    blob, bar = process.renderers
    assert [name for name, _ in blob.arguments] == ["x", "y"]
    assert [name for name, _ in bar.arguments] == ["length", "x", "y", "width"]
    assert process == process_of(
        "a ~ normal(0, 1)\n"
        "x = [blob(a, 2), bar(length = 3, x = 0.5, y = 0.5, width = a)]",
        IMAGE,
    )


@pytest.mark.parametrize("name", ["process", "latent", "true", "normal", "sin", "mlp"])
def test_any_name_is_a_variable(name: str) -> None:
    process = process_of(
        f"{name} ~ normal(0, 1)\nb = sin({name}) + {name}\nx = mlp({name})"
    )
    assert process.variables[0].name == name
    assert causes(process.variables[1]) == {name}


def test_a_constant_is_what_it_comes_to_however_it_is_written() -> None:
    assert codes(_normal("2 - 1")) == []
    assert codes(_normal("-(1 - 2) ** 3")) == []
    assert codes(_normal("1 - 2 + 1")) == ["E906"]
    assert codes(_normal("a")) == []
    assert codes(_normal("0 * a")) == []


def _normal(std: str) -> str:
    lines = f"a ~ normal(0, 1)\nb ~ normal(0, {std})\nx = mlp(a)"
    return f"{VECTOR}latent z: normal[1]\nprocess {{\n{lines}\n}}\n"


CHAIN = "a ~ normal(0, 1)\nb ~ normal(a, 1)\nc ~ normal(b, 1)"


def test_the_same_graph_is_no_news() -> None:
    assert warned("a -> b -> c", CHAIN) == ""
    assert warned("a -> b -> c\na -> x\nb, c -> x", CHAIN) == ""


def test_each_edge_that_differs_is_named() -> None:
    assert warned("a -> b", CHAIN) == "lacks `b -> c`"
    assert warned("a -> b -> c\na -> c", CHAIN) == "adds `a -> c`"
    assert warned("b -> a\nb -> c", CHAIN) == "turns round `a -> b`"
    mixed = "turns round `a -> b`, lacks `b -> c` and adds `a -> c`"
    assert warned("b -> a -> c", CHAIN) == mixed


def test_hidden_variables_are_passed_over() -> None:
    hidden = "a ~ normal(0, 1)\nh = 2 * a\ni ~ normal(h, 1)\nb = i\nc ~ normal(h, 1)"
    assert warned("a -> b, c", hidden) == ""
    assert warned("a -> b", hidden) == "lacks `a -> c`"
    common = "h ~ normal(0, 1)\na = h\nb = h\nc = 1"
    assert warned("", common) == ""


def test_concepts_that_are_no_variables_are_passed_over() -> None:
    latents = "latent a, b, c, more: normal[1]"
    assert warned("a -> more -> b\nb -> c", CHAIN, latents) == ""
    assert warned("a -> more -> c\na -> b -> c", CHAIN, latents) == "adds `a -> c`"


def test_a_label_says_which_variable_a_concept_is() -> None:
    latents = 'latent a, c: normal[1]\nlatent size: normal[1] { label = "b" }'
    assert warned("a -> size -> c", CHAIN, latents) == ""
    assert (
        warned("a -> c", CHAIN, latents)
        == "lacks `a -> size` and `size -> c` and adds `a -> c`"
    )
    other = 'latent a, c: normal[1]\nlatent b: normal[1] { label = "elsewhere" }'
    assert warned("a -> c", CHAIN, other) == ""
    wide = 'latent a, c: normal[1]\nlatent b: normal[2] { label = ["b", "d"] }'
    assert warned("a -> c", CHAIN, wide) == ""


def test_what_is_warned_of_is_shown_at_both_places() -> None:
    text = (
        f"{VECTOR}latent a, b, c: normal[1]\na -> c\nprocess {{\n  a ~ normal(0, 1)\n"
        "  b = 2 + a\n  c = 1\n  x = mlp(a)\n}\n"
    )
    (found,) = found_in(text)
    shown = {text[each.span.start : each.span.end]: each.text for each in found.labels}
    assert shown == {
        "a": "`a -> b` is not in the model",
        "a -> c": "`a -> c` is not in the process",
    }


def test_data_and_process_belong_together() -> None:
    body = "latent z: normal[1]\nprocess { a = 1, x = mlp(a) }\n"
    assert codes(VECTOR + body) == []
    assert codes(VECTOR + body + "training { data = process }\n") == []
    assert codes(VECTOR + body + "training { data = dsprites }\n") == ["W202"]
    assert codes(VECTOR + "latent z: normal[1]\ntraining { data = process }\n") == [
        "E910"
    ]


def test_a_process_for_a_file_without_observed_node_is_judged_no_further() -> None:
    text = "model m\nlatent a: normal[1]\nprocess { a = 1, y = mlp(a) }\n"
    assert codes(text) == ["E207"]


def test_the_deepest_expression_that_is_read_can_be_compared_and_written() -> None:
    deep = " + ".join(["a"] * (MOST_OPERATIONS + 1))
    text = f"{VECTOR}latent z: normal[1]\nprocess {{ a = 1, b = {deep}, x = mlp(a) }}\n"
    spec = spec_of(text)
    assert _again(spec) == spec
    assert hash(_again(spec).process) == hash(spec.process)
    assert Spec.model_validate(spec.model_dump()) == spec
    assert Spec.model_validate_json(spec.model_dump_json()) == spec


def _again(spec: Spec) -> Spec:
    again = read(Source("written.dag", write_spec(spec))).spec
    assert again is not None
    return again
