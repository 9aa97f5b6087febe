"""`dagspec counterfactual`: what images would have been."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from dagspec.data import open_data
from dagspec.spec import Spec
from tests.cli.asking import arrays, as_bytes, ask, held_out, images, model_of, refused
from tests.evaluate.runs import TOY
from tests.train.runs import run

pytestmark = pytest.mark.usefixtures("elsewhere")
DOS = ("--do", "digit=3", "--do", "digit=7, flag=1")


def test_a_row_is_an_image_its_reconstruction_and_what_it_would_have_been(
    asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert ask("counterfactual", asked, *DOS, "-n", "3", "--seed", "2") == 0
    assert capfd.readouterr() == (f"{asked}/counterfactual.png\n", "")
    model, x = model_of(asked), held_out(3)
    noise = model.noise(3, 2)
    columns = [
        x,
        model.reconstruct(x, noise),
        model.counterfactual(x, {"digit": 3}, noise=noise).x,
        model.counterfactual(x, {"digit": 7, "flag": 1}, noise=noise).x,
    ]
    shown = images(asked / "counterfactual.png", 3, 4)
    assert (shown == as_bytes(torch.stack(columns, 1))).all()


def test_arrays_are_those_of_the_query(asked: Path):
    found = arrays("counterfactual", asked, *DOS, "-n", "3")
    model, x = model_of(asked), held_out(3)
    noise = model.noise(3, 0)
    for column, do in enumerate(({"digit": 3}, {"digit": 7, "flag": 1})):
        expected = model.counterfactual(x, do, noise=noise)
        assert (found["x"][column::2] == expected.x.numpy()).all()
        for name, value in expected.latents.items():
            assert (found[name][column::2] == value.numpy()).all()
    assert found["column"][:2].tolist() == ["digit=3", "digit=7, flag=1"]
    assert (found["original/x"] == x.numpy()).all()
    encoded = model.encode(x, noise)
    for name, value in encoded.items():
        assert (found[f"reconstruction/{name}"] == value.numpy()).all()


def test_children_follow_and_the_rest_is_kept(asked: Path):
    found = arrays("counterfactual", asked, "--latent", "style[0]", "-n", "2")
    before = {n: found[f"reconstruction/{n}"].repeat(9, 0) for n in ("digit", "flag")}
    assert (found["digit"] == before["digit"]).all()
    assert (found["flag"] == before["flag"]).all()
    own = found["reconstruction/style"][:, 1].repeat(9)
    assert (found["style"][:, 1] == own).all()
    assert len({*found["slant"][:9, 0].tolist()}) == 9


def test_do_holds_others_while_one_moves(asked: Path):
    moving = ("--latent", "slant", "--values", "-1,1", "--do", "digit=2")
    found = arrays("counterfactual", asked, *moving, "--image", "6")
    model, x = model_of(asked), held_out(7)[6:]
    noise = model.noise(1, 0)
    for row, value in enumerate((-1.0, 1.0)):
        do = {"digit": 2, "slant": value}
        expected = model.counterfactual(x, do, noise=noise).x
        assert (found["x"][row] == expected[0].numpy()).all()
    assert found["row"].tolist() == ["test 6", "test 6"]


def test_values_in_units_of_labels(vectors: Path):
    found = arrays("counterfactual", vectors, "--do", "a=9", "--units", "label")
    assert found["label/a"][:, 0].tolist() == pytest.approx([9] * 4)
    assert found["b"].shape == (4, 1)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--do", "digit=10"], "'digit' takes a class from 0 to 9"),
        (["--do", "dgit=1"], "there is no concept `dgit`; did you mean `digit`?"),
        (["--do", "digit=1", "--image", "500"], "there is no example 500: the test"),
        (["--do", "digit=1", "--image", "-1"], "-1: test examples are numbered from"),
        (["--do", "slant=1", "--units", "label"], "'slant' is not tied to a label"),
    ],
)
def test_what_cannot_be_had_is_one_line(
    arguments: list[str], line: str, asked: Path, capfd: pytest.CaptureFixture[str]
):
    said = refused(capfd, 1, "counterfactual", [asked, *arguments])
    assert said.startswith(f"error: {line}")


def test_a_table_begins_with_the_facts(
    vectors: Path, capfd: pytest.CaptureFixture[str]
):
    asked_for = ("--do", "a=9", "--units", "label", "-n", "1")
    assert ask("counterfactual", vectors, *asked_for) == 0
    heads, *lines = capfd.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["test", "0", "original"],
        ["test", "0", "reconstruction"],
        ["test", "0", "a=9"],
    ]
    model = model_of(vectors)
    spec = model.spec
    assert isinstance(spec, Spec)
    source = open_data(spec, spec.training.data or "")
    x = torch.from_numpy(source.held_out(1, "test").x)
    encoded = model.encode(x, model.noise(1, 0))
    a = model.labels.to_label("a", encoded["a"]).item()
    assert lines[1].split()[3] == f"{a:.3g}"
    assert float(lines[2].split()[3]) == pytest.approx(9)
    unlabelled = [n for n in model.order if n not in model.labels.kinds]
    assert unlabelled
    for name in unlabelled:
        assert f"{name} (latent)" in heads
    assert "a (latent)" not in heads


@pytest.mark.parametrize(
    ("never", "how"), [("labels = 0%", "labels = 0%"), ("weight = 0", "weight = 0")]
)
def test_a_label_that_was_never_shown_gives_no_units(
    never: str, how: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    text = TOY.replace(
        'label = "b", weight = 10, labels = 50%', f'label = "b", {never}'
    )
    assert text != TOY
    assert run(tmp_path / "run", text).code == 0
    asked_for = ("--units", "label", "-n", "1")
    said = refused(
        capfd, 1, "counterfactual", [tmp_path / "run", "--do", "b=1", *asked_for]
    )
    assert said.startswith(
        f"error: `b` was never shown its label ({how}), so its values"
    )
    assert ask("counterfactual", tmp_path / "run", "--do", "a=1", *asked_for) == 0
    heads = capfd.readouterr().out.splitlines()[0]
    assert "b (latent)" in heads
    assert "a (latent)" not in heads
    assert ask("traverse", tmp_path / "run", *asked_for) == 0
    assert "b=" not in capfd.readouterr().out
