"""Options set beside a text mean what they would mean in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from pydantic import BaseModel

from dagspec.diagnostic import Diagnostic, Source, render_diagnostic
from dagspec.spec import Reading, Spec, read
from dagspec.spec.values.annotations import options_of
from tests.spec.reading import HEAD, underlined
from tests.spec.strategies import specs

TEXT = f"""{HEAD}latent a, b, c: normal[1] {{ kl_weight = 3 }}
training {{
  steps = 100
  batch = 8
}}
"""
SECTIONS = ("features", "inference", "objective", "training")

Options = dict[str, str]


def override(*overrides: str, text: str = TEXT) -> Reading:
    return read(Source("test.dag", text), overrides=overrides)


def spec_with(*overrides: str, text: str = TEXT) -> Spec:
    reading = override(*overrides, text=text)
    assert reading.diagnostics == ()
    assert reading.spec is not None
    return reading.spec


def fault(*overrides: str, text: str = TEXT) -> Diagnostic:
    reading = override(*overrides, text=text)
    assert reading.spec is None
    (found,) = reading.diagnostics
    return found


def written(record: BaseModel) -> Options:
    """Every option that can be written, those at their defaults too."""
    infos = options_of(type(record)).values()
    values = ((info, getattr(record, info.name)) for info in infos)
    return {
        info.name: info.form.write(value)
        for info, value in values
        if value is not None and not (value == () == info.default)
    }


def block(options: Options) -> str:
    return (
        "{ " + ", ".join(f"{name} = {value}" for name, value in options.items()) + " }"
    )


def text_of(spec: Spec, options: Mapping[str, Options]) -> str:
    """A text with these options, by `training` or `latent.NAME`."""
    node = spec.observed
    shape = ", ".join(map(str, node.shape))
    lines = [f"model {spec.name}"]
    head = f"observe {node.name}: {node.family}[{shape}]"
    lines.append(f"{head} {block(options[f'observe.{node.name}'])}")
    for latent in spec.latents:
        head = f"latent {latent.name}: {latent.family}[{latent.dim}]"
        lines.append(f"{head} {block(options[f'latent.{latent.name}'])}")
    lines += [f"{parent} -> {child}" for parent, child in spec.edges]
    lines += [f"{name} {block(options[name])}" for name in SECTIONS if options[name]]
    return "\n".join(lines) + "\n"


def options_in(spec: Spec) -> dict[str, Options]:
    found = {name: written(getattr(spec, name)) for name in SECTIONS}
    found[f"observe.{spec.observed.name}"] = written(spec.observed)
    for latent in spec.latents:
        found[f"latent.{latent.name}"] = written(latent)
    return found


@st.composite
def changes(draw: DrawFn) -> tuple[Spec, list[tuple[str, str, str]]]:
    """A spec, and options of another one to be set in it."""
    # No option of a process can be set.
    spec, other = draw(specs(known=False)), draw(specs(known=False))
    donors = {name: written(getattr(other, name)) for name in SECTIONS}
    donors[f"observe.{spec.observed.name}"] = written(other.observed)
    for latent in spec.latents:
        donors[f"latent.{latent.name}"] = written(other.latents[0])
    every = [
        (owner, name, value)
        for owner, options in donors.items()
        for name, value in options.items()
    ]
    chosen = draw(
        st.lists(st.sampled_from(every), max_size=6, unique_by=lambda c: c[:2])
    )
    # A length beside the file takes the place of the other one in it: see below.
    return spec, [each for each in chosen if each[1] not in ("steps", "epochs")]


@settings(max_examples=60)
@given(changes(), st.booleans())
def test_it_is_as_if_the_option_stood_in_the_text(
    change: tuple[Spec, list[tuple[str, str, str]]], sparse: bool
) -> None:
    spec, chosen = change
    options = options_in(spec)
    if sparse:
        options = {name: Options() for name in options}
    text = text_of(spec, options)
    for owner, name, value in chosen:
        options[owner] = options[owner] | {name: value}
    expected = read(Source("whole.dag", text_of(spec, options)))
    texts = [f"{owner}.{name}={value}" for owner, name, value in chosen]
    reading = read(Source("test.dag", text), overrides=texts)
    assert reading.spec == expected.spec
    codes = sorted(each.code for each in reading.diagnostics)
    assert codes == sorted(each.code for each in expected.diagnostics)


def test_an_option_is_replaced_and_the_others_stay() -> None:
    training = spec_with("training.batch=64").training
    assert (training.batch, training.steps) == (64, 100)


def test_a_section_that_is_absent_is_added() -> None:
    warmup = spec_with("objective.warmup=linear(10%)").objective.warmup
    assert warmup is not None
    assert (warmup.shape, warmup.length.value, warmup.length.unit) == (
        "linear",
        10,
        "%",
    )


def test_one_latent_of_a_statement_changes() -> None:
    spec = spec_with("latent.b.kl_weight=7", 'latent.b.label="x"')
    assert [latent.name for latent in spec.latents] == ["a", "b", "c"]
    assert [latent.kl_weight for latent in spec.latents] == [3, 7, 3]
    assert [latent.label for latent in spec.latents] == [(), ("x",), ()]


@pytest.mark.parametrize("name", ["a", "c"])
def test_the_first_and_the_last_can_change_alone(name: str) -> None:
    spec = spec_with(f"latent.{name}.kl_weight=7")
    assert {each.name: each.kl_weight for each in spec.latents} == {
        **dict.fromkeys("abc", 3),
        name: 7,
    }


def test_the_observed_node_has_options() -> None:
    text = TEXT.replace("bernoulli[1, 64, 64]", "normal[1, 64, 64]")
    assert spec_with("observe.image.sigma=0.5", text=text).observed.sigma == 0.5


def test_of_two_the_later_one_counts() -> None:
    assert spec_with("training.batch=1", "training.batch=2").training.batch == 2
    assert spec_with("latent.a.at=1", "latent.a.at=2").latents[0].at == 2


def test_a_length_takes_the_place_of_the_other_in_the_text() -> None:
    training = spec_with("training.epochs=3").training
    assert (training.steps, training.epochs) == (None, 3)


def test_two_lengths_beside_the_text_are_one_too_many() -> None:
    found = fault("training.epochs=3", "training.steps=4")
    assert found.code == "E505"
    sources = {found.labels[0].span.source.name, found.span and found.span.source.name}
    assert sources == {"--set training.epochs=3", "--set training.steps=4"}


@pytest.mark.parametrize(
    "text", [" training . batch = 64 ", "training.batch=64 # big", "training.batch=6_4"]
)
def test_it_is_written_as_in_a_file(text: str) -> None:
    assert spec_with(text).training.batch == 64


@pytest.mark.parametrize(
    ("text", "code", "place", "help"),
    [
        ("training.batch", "E220", "training.batch", "write for example"),
        ("", "E220", "", "write for example"),
        ("=3", "E220", "=3", "write for example"),
        ("batch=3", "E220", "batch", "write for example"),
        ("training.a.b.c=3", "E220", "training.a.b.c", "write for example"),
        ("training.x.batch=3", "E220", "x", "write `training.batch=…`"),
        ("latent.at=3", "E220", "latent", "write `latent.NAME.at=…`"),
        ("training.batch=3, steps=4", "E220", "3, steps=4", "write for example"),
        ("training.batch=3 } a -> b", "E220", "3 } a -> b", "write for example"),
        ("training.batch=3\nsteps=4", "E220", "3\nsteps=4", "write for example"),
        ("trainin.batch=3", "E221", "trainin", "did you mean `training`?"),
        ("a.at=3", "E221", "a", "of a latent, write `latent.a.at=…`"),
        ("latent.image.sigma=3", "E221", "image", "write `observe.image.…`"),
        ("observe.a.at=3", "E221", "a", "write `latent.a.…`"),
        ("training.batch=", "E122", "batch=", None),
        ("training.batch=[1", "E103", "[", None),
        ("training.batch=0", "E313", "0", "write for example `batch = 64`"),
        ("training.bach=3", "E310", "bach", "did you mean `batch`?"),
        ("latent.a.batch=3", "E310", "batch", "`batch` is an option of `training`"),
        ("latent.a.at=9", "E401", "9", "write `at = 4`, the deepest, or less"),
        ("process.x=3", "E221", "process", "change its lines in the file"),
    ],
)
def test_what_is_wrong_is_shown_where_it_was_said(
    text: str, code: str, place: str, help: str | None
) -> None:
    found = fault(text)
    assert found.code == code
    assert found.span is not None
    assert found.span.source == Source(f"--set {text}", text)
    assert underlined(found) == place
    assert (found.help or "").startswith(help or "")
    assert bool(found.help) == bool(help)


def test_a_misspelt_latent_is_asked_for() -> None:
    text = TEXT.replace("a, b, c", "shape, scale")
    found = fault("latent.scal.at=2", text=text)
    assert (found.code, found.help) == ("E221", "did you mean `scale`?")
    assert found.message == "there is no `latent scal`"


def test_findings_in_the_text_come_first_then_in_the_order_given() -> None:
    text = TEXT.replace("batch = 8", "batch = 0\n  clip = 0")
    overrides = ("training.seed=-1", "features.readout=0", "training.batch=1")
    found = override(*overrides, text=text).diagnostics
    assert [underlined(each) for each in found] == ["0", "-1", "0"]
    sources = [each.span.source.name for each in found if each.span]
    assert sources == ["test.dag", *(f"--set {each}" for each in overrides[:2])]


def test_a_mistake_of_a_split_statement_is_said_once() -> None:
    text = TEXT.replace("normal[1]", "normal[0]")
    assert fault("latent.b.at=2", text=text).code == "E313"


def test_after_a_mistake_beside_the_text_the_text_is_judged_alone() -> None:
    overrides = ("training.patience=3", "training.validate_every=5 q")
    codes = [each.code for each in override(*overrides).diagnostics]
    assert "E506" not in codes
    assert override(*overrides).spec is None


def test_an_option_that_is_written_twice_stays_a_mistake() -> None:
    text = TEXT.replace("batch = 8", "batch = 8, batch = 9")
    found = fault("training.batch=3", text=text)
    assert (found.code, underlined(found)) == ("E311", "batch = 9")


def test_a_node_in_a_broken_statement_is_not_missed() -> None:
    text = TEXT + "latent d: normal[1..2]\n"
    found = override("latent.d.at=2", text=text).diagnostics
    assert [each.code for each in found] == ["E108"]


def test_a_broken_statement_is_as_broken_when_it_is_split() -> None:
    text = TEXT.replace("model m\n", "").replace("= 3", "= 3, at = 1q")
    plain = override(text=text).diagnostics
    assert [each.code for each in plain] == ["E210", "E110"]
    assert override("latent.b.kl_weight=2", text=text).diagnostics == plain


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_a_text_without_statements_stays_faulty(text: str) -> None:
    assert override("training.batch=3", text=text).spec is None


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for start in ("", "training.batch=", "latent.a.at=", "latent.a."):
        reading = override(start + text)
        assert (reading.spec is None) == any(
            each.severity == "error" for each in reading.diagnostics
        )
        for each in reading.diagnostics:
            assert render_diagnostic(each)


FOLDER = Path(__file__).parents[2] / "specs"


def test_the_worked_specs_can_be_overridden() -> None:
    source = Source("dsprites.dag", (FOLDER / "dsprites.dag").read_text("utf-8"))
    plain = read(source).spec
    assert plain is not None
    spec = read(source, overrides=["latent.scale.kl_weight=2"]).spec
    assert spec is not None
    changed = {latent.name: latent.kl_weight for latent in spec.latents}
    assert changed.pop("scale") == 2
    assert set(changed.values()) == {1}
