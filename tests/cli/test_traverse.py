"""`dagspec traverse`: one concept of some images moved, every other one held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dagspec.answers import queries
from tests.cli.asking import (
    arrays,
    as_bytes,
    ask,
    held_out,
    images,
    model_of,
    printed,
    refused,
)

pytestmark = pytest.mark.usefixtures("elsewhere")
SLANT = ("--latent", "slant", "--values", "-2:2:5")


def test_rows_are_images_and_columns_are_values(
    asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert ask("traverse", asked, *SLANT, "-n", "3", "--seed", "5") == 0
    assert capfd.readouterr() == (f"{asked}/traverse.png\n", "")
    model, x = model_of(asked), held_out(3)
    noise = model.noise(3, 5)
    moved = model.traverse(x, "slant", [-2, -1, 0, 1, 2], noise).x.view(3, 5, 1, 8, 8)
    first = torch.stack([x, model.reconstruct(x, noise)], 1)
    shown = images(asked / "traverse.png", 3, 7)
    assert (shown == as_bytes(torch.cat([first, moved], 1))).all()


def test_arrays_are_those_of_the_query(asked: Path):
    found = arrays("traverse", asked, *SLANT, "-n", "3")
    model, x = model_of(asked), held_out(3)
    moved = model.traverse(x, "slant", [-2, -1, 0, 1, 2], model.noise(3, 0))
    assert (found["x"] == moved.x.numpy()).all()
    for name, value in moved.latents.items():
        assert (found[name] == value.numpy()).all()
    assert found["moved/slant"][:, 0].tolist() == [-2, -1, 0, 1, 2] * 3
    assert not [name for name in found if name.startswith("do/")]
    assert (found["original/x"] == x.numpy()).all()
    assert found["reconstruction/style"].shape == (3, 2)
    assert found["row"].tolist() == [f"test {n}" for n in range(3) for _ in range(5)]
    assert found["column"][:2].tolist() == ["slant, -2", "slant, -1"]


def test_what_the_concept_causes_does_not_follow(asked: Path):
    found = arrays("traverse", asked, "--latent", "digit", "-n", "2")
    assert (found["digit"] == np.tile(np.eye(10), (2, 1))).all()
    for name in ("style", "slant", "flag"):
        held = found[f"reconstruction/{name}"].repeat(10, 0)
        assert (found[name] == held).all()


def test_one_number_of_a_vector_is_moved_and_the_other_held(asked: Path):
    numbers = ("--latent", "style[1]", "--values", "-1,3")
    found = arrays("traverse", asked, *numbers, "-n", "3")
    own = found["reconstruction/style"][:, 0]
    assert (found["style"][:, 0] == own.repeat(2)).all()
    assert found["style"][:, 1].tolist() == [-1, 3] * 3
    model = model_of(asked)
    latents = {n: torch.from_numpy(found[n]) for n in ("digit", "style", "slant")}
    decoded = model.decode({**latents, "flag": torch.from_numpy(found["flag"])})
    np.testing.assert_allclose(found["x"], decoded.numpy(), atol=1e-6)


def test_numbers_for_a_vector_move_each_of_its_numbers(asked: Path):
    found = arrays("traverse", asked, "--latent", "style", "--values", "0:1:2")
    names = [text.split(",")[0] for text in found["column"]]
    assert names == ["style[0]"] * 8 + ["style[1]"] * 8


def test_whole_vectors_are_values_too(asked: Path):
    vectors = ("--latent", "style", "--values", "[0, 1], [-1, 0]")
    found = arrays("traverse", asked, *vectors, "-n", "1")
    assert found["style"].tolist() == [[0, 1], [-1, 0]]
    assert found["column"].tolist() == ["style, [0, 1]", "style, [-1, 0]"]


def test_without_a_latent_every_concept_is_moved(asked: Path):
    found = arrays("traverse", asked, "-n", "1")
    columns = [text.split(", ") for text in found["column"]]
    values: dict[str, list[float]] = {}
    for name, value in columns:
        values.setdefault(name, []).append(float(value))
    assert [*values] == ["digit", "style[0]", "style[1]", "slant", "flag"]
    assert values["digit"] == [*range(10)]
    assert values["flag"] == [0, 1]
    drawn = model_of(asked).sample(2000, seed=1).latents
    for name, own in [("style[0]", drawn["style"][:, 0]), ("slant", drawn["slant"])]:
        assert len(values[name]) == 9
        inside = (own >= values[name][0]) & (own <= values[name][-1])
        assert 0.8 < inside.double().mean() < 0.97
        np.testing.assert_allclose(np.diff(values[name], 2), 0, atol=0.03)


def test_several_concepts_stand_under_one_another(asked: Path):
    both = ("--latent", "flag", "--latent", "digit", "-n", "2")
    assert ask("traverse", asked, *both, "-o", "both.png") == 0
    for name in ("flag", "digit"):
        assert ask("traverse", asked, "--latent", name, "-n", "2", "-o", name) == 2
        alone = ("--latent", name, "-n", "2", "-o", f"{name}.png")
        assert ask("traverse", asked, *alone) == 0
    whole = np.asarray(Image.open("both.png"))
    flag, digit = (np.asarray(Image.open(f"{n}.png")) for n in ("flag", "digit"))
    assert (whole[: len(flag), : flag.shape[1]] == flag).all()
    assert (whole[len(flag) :] == digit).all()


def test_values_in_units_of_labels(vectors: Path):
    sizes = ("--latent", "a", "--values", "4,6", "--units", "label", "-n", "1")
    found = arrays("traverse", vectors, *sizes)
    np.testing.assert_allclose(found["moved/a"][:, 0], [4, 6], rtol=1e-5)
    assert found["a"][1, 0] - found["a"][0, 0] == pytest.approx(1, abs=0.2)


def test_an_angle_goes_once_around(vectors: Path, capfd: pytest.CaptureFixture[str]):
    for units in ("latent", "label"):
        angle = ("--latent", "turn", "-n", "1", "--units", units)
        record = printed(capfd, "traverse", vectors, *angle)
        points = [each["latents"]["turn"] for each in record["examples"]]
        turns = np.arange(8) * np.pi / 4
        np.testing.assert_allclose(
            points, np.c_[np.cos(turns), np.sin(turns)], atol=1e-6
        )
    assert record["examples"][2]["column"] == "turn, 90"


def test_images_are_chosen_by_number_and_by_file(asked: Path):
    x = held_out(8)
    np.save("two.npy", x[5:7].numpy())
    pixels = (x[3, 0] * 255).round().to(torch.uint8).numpy()
    Image.fromarray(pixels).save("three.png")
    chosen = ("--image", "4", "--image", "two.npy", "--image", "three.png")
    found = arrays("traverse", asked, *chosen, *SLANT)
    assert (found["original/x"][:3] == x[4:7].numpy()).all()
    np.testing.assert_allclose(found["original/x"][3], x[3].numpy(), atol=0.5 / 255)
    rows = ["test 4", "two.npy 0", "two.npy 1", "three.png"]
    assert found["row"].tolist() == [row for row in rows for _ in range(5)]


def test_many_images_are_asked_about_in_parts(
    asked: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = arrays("traverse", asked, *SLANT, "-n", "5")
    monkeypatch.setattr(queries, "_PART", 10)
    parts = arrays("traverse", asked, *SLANT, "-n", "5")
    np.testing.assert_allclose(parts["x"], whole["x"], atol=1e-6)
    assert (parts["slant"] == whole["slant"]).all()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--latent", "slnat"], "there is no concept `slnat`; did you mean `slant`?"),
        (["--latent", "style[2]"], "there is no `style[2]`: it has 2 numbers, from 0"),
        (["--latent", "digit[1]"], "there is no `digit[1]`: it has one number, from 0"),
        (
            ["--latent", "style[1]", "--values", "[0,1]"],
            "`style[1]` is one number, and takes no [vectors]",
        ),
        (["--latent", "digit", "--values", "0:10:11"], "'digit' takes a class from 0"),
        (["--latent", "slant", "--values", "nan"], "'slant' takes finite numbers"),
        (["--latent", "style[0]", "--values", "inf"], "'style' takes finite numbers"),
        (["--latent", "style", "--values", "[1]"], "`style` takes 2 numbers"),
        (["--latent", "slant", "--units", "label"], "'slant' is not tied to a label"),
        (
            ["--image", "120"],
            "there is no example 120: the test split of `digits` has ",
        ),
        (["--image", "99999999"], "there is no example 99,999,999: they can be asked"),
        (["--image", "no.png"], "no.png: there is no such file"),
        (["--data-dir", "."], "`digits` reads nothing from --data-dir"),
    ],
)
def test_what_cannot_be_had_is_one_line(
    arguments: list[str], line: str, asked: Path, capfd: pytest.CaptureFixture[str]
):
    said = refused(capfd, 1, "traverse", [asked, *arguments])
    assert said.startswith(f"error: {line}")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--values", "0:1:3"], "needs --latent, to say what moves"),
        (["--latent", "a b"], "'a b' is no concept: write NAME, or NAME[NUMBER]"),
        (["--latent", "slant", "--values", "0:1"], "'0:1' is no range"),
        (["--latent", "slant", "--values", "0:1:1"], "a range has 2 to 10,000 values"),
        (["--image", "0", "-n", "2"], "counts test examples, and goes without --image"),
        (["--do", "slant=1"], "No such option: --do"),
    ],
)
def test_misuse_is_exit_code_2(
    arguments: list[str], line: str, asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert line in refused(capfd, 2, "traverse", [asked, *arguments])
