"""`dagspec intervene`: concepts are set, and what they cause follows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.cli.asking import arrays, as_bytes, ask, images, model_of, refused

pytestmark = pytest.mark.usefixtures("elsewhere")
DIGITS = ("--latent", "digit", "--values", "0,3,7")


def test_a_row_is_a_noise_and_a_column_a_value(
    asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert ask("intervene", asked, *DIGITS, "-n", "3", "--seed", "4") == 0
    assert capfd.readouterr() == (f"{asked}/intervene.png\n", "")
    model = model_of(asked)
    columns = [{}, {"digit": 0}, {"digit": 3}, {"digit": 7}]
    x = torch.stack([model.sample(3, do, seed=4).x for do in columns], 1)
    assert (images(asked / "intervene.png", 3, 4) == as_bytes(x)).all()


def test_arrays_are_those_of_the_query(asked: Path):
    found = arrays("intervene", asked, *DIGITS, "-n", "2")
    model = model_of(asked)
    for column, digit in enumerate((0, 3, 7)):
        expected = model.sample(2, {"digit": digit}, seed=0)
        assert (found["x"][column::3] == expected.x.numpy()).all()
        for name, value in expected.latents.items():
            assert (found[name][column::3] == value.numpy()).all()
    assert found["do/digit"].argmax(1).tolist() == [0, 3, 7] * 2
    assert (found["no_do/x"] == model.sample(2, seed=0).x.numpy()).all()


def test_children_follow_and_nothing_else_does(asked: Path):
    found = arrays("intervene", asked, *DIGITS, "-n", "2")
    for name in ("style", "slant"):
        own = found[name].reshape(2, 3, -1)
        assert (own[:, 0] != own[:, 1]).all()
    flag = found["flag"].reshape(2, 3, 1)
    assert (flag == found["no_do/flag"][:, None]).all()


def test_an_intervention_is_no_traversal(asked: Path):
    followed = arrays("intervene", asked, *DIGITS, "-n", "2")
    held = arrays("traverse", asked, *DIGITS, "-n", "2")
    assert (followed["digit"] == held["digit"]).all()
    spread = {
        kind: np.ptp(found["style"].reshape(2, 3, 2), 1).max()
        for kind, found in (("followed", followed), ("held", held))
    }
    assert spread["held"] == 0
    assert spread["followed"] > 0.01


def test_several_nodes_are_set_at_once(asked: Path):
    dos = ("--do", "digit=1, flag=0", "--do", "digit=2, slant=1.5")
    found = arrays("intervene", asked, *dos, "-n", "2")
    model = model_of(asked)
    first = model.sample(2, {"digit": 1, "flag": 0}, seed=0)
    second = model.sample(2, {"digit": 2, "slant": 1.5}, seed=0)
    assert (found["x"][::2] == first.x.numpy()).all()
    assert (found["x"][1::2] == second.x.numpy()).all()
    assert found["column"][:2].tolist() == ["digit=1, flag=0", "digit=2, slant=1.5"]


def test_do_holds_others_while_one_moves(asked: Path):
    moving = ("--latent", "style[0]", "--values", "-1:1:3")
    found = arrays("intervene", asked, *moving, "--do", "digit=5, flag=1", "-n", "2")
    assert (found["digit"].argmax(1) == 5).all()
    assert (found["flag"] == 1).all()
    assert found["style"][:, 0].tolist() == [-1, 0, 1] * 2
    base = model_of(asked).sample(2, {"digit": 5, "flag": 1}, seed=0)
    assert (found["held/x"] == base.x.numpy()).all()
    own = base.latents["style"][:, 1].repeat_interleave(3)
    assert (found["style"][:, 1] == own.numpy()).all()
    assert (
        found["slant"].reshape(2, 3)[:, 0] != found["slant"].reshape(2, 3)[:, 1]
    ).all()
    assert found["column"][0] == "style[0], -1, digit=5, flag=1"


def test_every_column_of_a_picture_has_its_heading(asked: Path):
    """Other values are other pixels above the same images."""
    pictures: list[bytes] = []
    for values in ("0,3", "0,3.0", "0,4"):
        shown = ("--latent", "digit", "--values", values, "-n", "1", "-o", "grid.png")
        assert ask("intervene", asked, *shown) == 0
        pictures.append(Path("grid.png").read_bytes())
    assert pictures[0] == pictures[1] != pictures[2]


def test_values_in_units_of_labels(vectors: Path):
    asked_for = ("--latent", "a", "--values", "4,6", "--units", "label", "-n", "1")
    found = arrays("intervene", vectors, *asked_for)
    model = model_of(vectors)
    for row, value in enumerate((4.0, 6.0)):
        expected = model.sample(1, {"a": value}, seed=0, units="label")
        assert (found["x"][row] == expected.x[0].numpy()).all()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--latent", "slant", "--do", "slant=1"], "'slant' cannot be held and move"),
        (
            ["--latent", "slant", "--do", "flag=1", "--do", "digit=1"],
            "give what is held beside --latent in one",
        ),
        (["--image", "3"], "No such option: --image"),
    ],
)
def test_misuse_is_exit_code_2(
    arguments: list[str], line: str, asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert line in refused(capfd, 2, "intervene", [asked, *arguments])


def test_what_cannot_be_had_is_one_line(asked: Path, capfd: pytest.CaptureFixture[str]):
    line = refused(capfd, 1, "intervene", [asked, "--do", "digit=11"])
    assert line.startswith("error: 'digit' takes a class from 0 to 9")
    line = refused(capfd, 1, "intervene", [asked, "--latent", "slamt"])
    assert line == "error: there is no concept `slamt`; did you mean `slant`?"
