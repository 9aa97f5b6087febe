"""Every difference of two specs is told, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from dagspec.spec import Spec, differences
from dagspec.spec.differences import FREE
from dagspec.spec.options import Training
from dagspec.spec.values.annotations import options_of
from tests.spec.reading import spec_of
from tests.spec.strategies import specs, trainings

TEXT = """\
model m
observe image: bernoulli[1, 64, 64]
latent shape: categorical[3]
latent scale: normal[1]
shape -> scale
features { widths = [32, 32] }
training { batch = 64, steps = 1_000, workers = 1 }
"""

FIELDS = ("name", "description", "features", "inference", "objective", "training",
          "process")  # fmt: skip


def marked(before: tuple[str, str], after: str) -> list[tuple[str, bool]]:
    text, replaced = before
    assert replaced in text
    new = spec_of(text.replace(replaced, after))
    return [(each.text, each.free) for each in differences(spec_of(text), new)]


@pytest.mark.parametrize(
    ("replaced", "after", "expected"),
    [
        ("model m", "model n", ["the model is called `n`, in the checkpoint `m`"]),
        ("scale: normal[1]", "scale: normal[2]",
         ["`scale` has 2 dimensions, the checkpoint 1"]),
        ("categorical[3]", "categorical[2]",
         ["`shape` has 2 dimensions, the checkpoint 3"]),
        ("scale: normal", "scale: laplace",
         ["`scale` is `laplace`, in the checkpoint `normal`"]),
        ("latent scale: normal[1]", "latent scale, pose: normal[1]", ["`pose` is new"]),
        ("latent shape: categorical[3]\nlatent scale: normal[1]\nshape -> scale",
         "latent shape: categorical[3]",
         ["`scale` is gone", "`shape -> scale` is gone"]),
        ("shape -> scale", "", ["`shape -> scale` is gone"]),
        ("shape -> scale", "scale -> shape",
         ["`scale -> shape` is new", "`shape -> scale` is gone"]),
        ("shape -> scale", "shape -> scale -> image", ["`shape -> image` is gone"]),
        ("[32, 32]", "[32, 64]",
         ["`features.widths` is [32, 64], the checkpoint has [32, 32]"]),
        ("batch = 64", "batch = 128",
         ["`training.batch` is 128, the checkpoint has 64"]),
        ("batch = 64", "clip = 10",
         ["`training.clip` is 10, the checkpoint has none"]),
        ("scale: normal[1]", 'scale: normal[1] { label = "size" }',
         ['`latent.scale.label` is "size", the checkpoint has none']),
        ("scale: normal[1]", "scale: normal[1] { at = 1 }",
         ["`latent.scale.at` is 1, the checkpoint has 2 by default"]),
        ("scale: normal[1]", "scale: normal[1] { free_bits = 1 }",
         ["`latent.scale.free_bits` is 1, the checkpoint has 0 by default"]),
        ("[32, 32]", "[32, 32], norm = group",
         ["`features.norm` is group, the checkpoint has none by default"]),
        ("bernoulli[1, 64, 64]", "bernoulli[3, 64, 64]",
         ["`image` has the shape [3, 64, 64], the checkpoint [1, 64, 64]"]),
        ("observe image", "observe picture",
         ["the observed node is called `picture`, in the checkpoint `image`"]),
        ("bernoulli[1, 64, 64]", "normal[1, 64, 64] { sigma = 0.1 }",
         ["`image` is `normal`, in the checkpoint `bernoulli`",
          "`observe.image.sigma` is 0.1, the checkpoint has learned"]),
        ("latent shape: categorical[3]\nlatent scale: normal[1]",
         "latent scale: normal[1]\nlatent shape: categorical[3]",
         ["the concepts are declared in another order, which is that of the columns of "
          "metrics.csv"]),
        ("training", "inference { hidden = [] }\ntraining",
         ["`inference.hidden` is [], the checkpoint has [32]"]),
    ],
)  # fmt: skip
def test_what_may_not_change_is_said_in_the_words_of_a_spec(
    replaced: str, after: str, expected: list[str]
) -> None:
    assert marked((TEXT, replaced), after) == [(text, False) for text in expected]


@pytest.mark.parametrize(
    ("replaced", "after", "expected"),
    [
        ("steps = 1_000", "steps = 20_000",
         ["`training.steps` is 20_000, the checkpoint has 1000"]),
        ("steps = 1_000", "epochs = 2",
         ["`training.steps` is not set, the checkpoint has 1000",
          "`training.epochs` is 2, the checkpoint has none"]),
        ("workers = 1", "workers = 2",
         ["`training.workers` is 2, the checkpoint has 1"]),
        ("workers = 1", "workers = 1, validate_every = 1 epochs, patience = 2",
         ["`training.validate_every` is 1 epochs, the checkpoint has none",
          "`training.patience` is 2, the checkpoint has none"]),
        ("model m", 'model m "other"', ["the model is described in other words"]),
        ("scale: normal[1]", 'scale: normal[1] "big?"',
         ["`scale` is described in other words"]),
        ("64]", '64] "grey"', ["`image` is described in other words"]),
        ("shape -> scale", "shape -> scale\nshape, scale -> image",
         ["the edges into `image` are written out"]),
        ("scale: normal[1]", "scale: normal[1] { at = 2 }",
         ["`latent.scale.at` is 2, the checkpoint has 2 by default"]),
        ("[32, 32]", "[32, 32], norm = none",
         ["`features.norm` is none, the checkpoint has none by default"]),
    ],
)  # fmt: skip
def test_what_may_change_is_marked_as_free(
    replaced: str, after: str, expected: list[str]
) -> None:
    assert marked((TEXT, replaced), after) == [(text, True) for text in expected]


def test_the_layout_of_a_text_is_no_difference() -> None:
    other = TEXT.replace("batch = 64, steps = 1_000", "steps = 1_000\nbatch = 64")
    assert differences(spec_of(TEXT), spec_of("# other\n" + other)) == ()


PROCESS = """\
model m
observe x: normal[9]
latent a: normal[1]
process {
  a ~ normal(0, 1)
  b = 2 * a
  x = mlp(a, b)
}
"""


@pytest.mark.parametrize(
    ("replaced", "after", "expected"),
    [
        ("normal(0, 1)", "normal(0, 2)",
         ["the process has `a ~ normal(0, 2)`, the checkpoint `a ~ normal(0, 1)`"]),
        ("b = 2 * a", "b = 2 * a\n  c = 1",
         ["the process has a new variable, `c = 1`"]),
        ("  b = 2 * a\n  x = mlp(a, b)", "  x = mlp(a)",
         ["`b` is gone from the process",
          "what is observed is made by `mlp(a)`, in the checkpoint `mlp(a, b)`"]),
        ("a ~ normal(0, 1)\n  b = 2 * a", "b = 2 * a\n  a ~ normal(0, 1)",
         ["the variables of the process are in another order"]),
        ("mlp(a, b)", "mlp(a, b, seed = 1)",
         ["what is observed is made by `mlp(a, b, seed = 1)`, in the checkpoint "
          "`mlp(a, b)`"]),
        ("mlp(a, b)", "mlp(a, b, seed = 0)", []),
        (PROCESS[PROCESS.index("process"):], "", ["the process is gone"]),
    ],
)  # fmt: skip
def test_every_line_of_a_process_counts(
    replaced: str, after: str, expected: list[str]
) -> None:
    assert marked((PROCESS, replaced), after) == [(text, False) for text in expected]


def test_a_process_may_be_new() -> None:
    bare = spec_of(PROCESS[: PROCESS.index("process")])
    found = differences(bare, spec_of(PROCESS))
    assert [each.text for each in found] == ["the process is new"]


@st.composite
def pairs(draw: DrawFn) -> tuple[Spec, Spec]:
    """Two specs that are often equal or alike."""
    old, other = draw(specs()), draw(specs())
    fields = draw(st.sets(st.sampled_from(FIELDS)))
    new = old.model_copy(update={name: getattr(other, name) for name in fields})
    changes = draw(st.sets(st.sampled_from(("observed", "order", "latent", "edges"))))
    latents = list(new.latents)
    node = new.observed
    if "observed" in changes:
        update = {"description": draw(st.sampled_from(("", "x")))}
        node = node.model_copy(update=update)
    if "order" in changes:
        latents = draw(st.permutations(latents))
    if "latent" in changes:
        update = {"kl_weight": draw(st.sampled_from((1.0, 2.0)))}
        latents[0] = latents[0].model_copy(update=update)
    edges = new.edges
    if "edges" in changes and edges:
        # Only edges of the image can be left out of any spec and leave a legal one.
        edges = tuple(edge for edge in edges if edge[1] != node.name)
    update = {"observed": node, "latents": tuple(latents), "edges": edges}
    return old, new.model_copy(update=update)


@settings(max_examples=60)
@given(pairs())
def test_there_is_none_exactly_between_equal_specs(pair: tuple[Spec, Spec]) -> None:
    old, new = pair
    assert (differences(old, new) == ()) == (old == new)
    assert len(differences(old, new)) == len(differences(new, old))


@settings(max_examples=25)
@given(specs(), trainings())
def test_every_changed_option_of_the_training_is_told(
    old: Spec, training: Training
) -> None:
    new = old.model_copy(update={"training": training})
    found = {each.text.split("`")[1]: each.free for each in differences(old, new)}
    changed = {
        f"training.{name}"
        for name in options_of(Training)
        if getattr(training, name) != getattr(old.training, name)
    }
    assert found == {name: name in FREE for name in changed}
