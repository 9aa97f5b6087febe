"""`dagspec sample`: pictures, arrays and tables of what a model makes up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from dagspec import load_model
from dagspec.answers import queries, trained
from tests.cli.asking import arrays, as_bytes, ask, images, model_of, printed, refused

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_samples_are_a_picture_in_the_folder_of_the_run(
    asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert ask("sample", asked) == 0
    assert capfd.readouterr() == (f"{asked}/sample.png\n", "")
    x = model_of(asked).sample(16, seed=0).x
    shown = images(asked / "sample.png", 2, 8)
    assert (shown == as_bytes(x).reshape(2, 8, 8, 8)).all()


def test_what_fills_up_the_last_row_is_white(asked: Path):
    assert ask("sample", asked, "-n", "11", "-o", "grid.png") == 0
    shown = images("grid.png", 2, 6).reshape(12, 8, 8)
    assert (shown[:11] == as_bytes(model_of(asked).sample(11, seed=0).x)).all()
    assert (shown[11] == 255).all()


def test_each_intervention_has_a_row_and_all_have_the_same_noise(asked: Path):
    dos = ["--do", "digit=3, style=[1, -1]", "--do", "flag=1"]
    assert ask("sample", asked, *dos, "-n", "4", "--seed", "7", "-o", "two.png") == 0
    model = model_of(asked)
    first = model.sample(4, {"digit": 3, "style": [1.0, -1.0]}, seed=7)
    second = model.sample(4, {"flag": 1}, seed=7)
    assert (images("two.png", 2, 4) == as_bytes(torch.stack([first.x, second.x]))).all()
    assert not torch.equal(first.x, second.x)


def test_arrays_are_those_of_the_query(asked: Path):
    found = arrays("sample", asked, "--do", "digit=3", "-n", "5", "--seed", "2")
    expected = model_of(asked).sample(5, {"digit": 3}, seed=2)
    assert (found["x"] == expected.x.numpy()).all()
    assert expected.latents.keys() == {"digit", "style", "slant", "flag"}
    for name, value in expected.latents.items():
        assert (found[name] == value.numpy()).all()
    assert (found["do/digit"] == np.eye(10)[[3] * 5]).all()
    assert "do/style" not in found
    assert (found["seed"], found["units"]) == (2, "latent")
    assert found["row"].tolist() == ["digit=3"] * 5
    assert found["column"].tolist() == [f"noise {number}" for number in range(5)]


def test_what_was_not_set_is_nan_beside_what_was(asked: Path):
    found = arrays("sample", asked, "--do", "slant=2", "--do", "flag=0", "-n", "2")
    assert found["do/slant"][:2].tolist() == [[2], [2]]
    assert np.isnan(found["do/slant"][2:]).all()
    assert np.isnan(found["do/flag"][:2]).all()


def test_values_in_units_of_labels_are_those_of_the_data(vectors: Path):
    found = arrays("sample", vectors, "--do", "a=9, turn=90", "--units", "label")
    model = model_of(vectors)
    expected = model.sample(16, {"a": 9, "turn": 90}, seed=0, units="label")
    assert (found["x"] == expected.x.numpy()).all()
    assert (found["a"] == expected.latents["a"].numpy()).all()
    np.testing.assert_allclose(found["do/a"], 9, rtol=1e-5)
    np.testing.assert_allclose(found["label/a"], 9, rtol=1e-5)
    np.testing.assert_allclose(found["do/turn"], 90, rtol=1e-5)
    assert found["a"][0, 0] == pytest.approx(2, abs=0.5), "the labels are N(5, 2)"
    assert "label/b" not in found


def test_averaged_weights_are_taken_unless_others_are_asked_for(asked: Path):
    for chosen in ("average", "last"):
        found = arrays("sample", asked, "-n", "2", "--weights", chosen)
        with torch.no_grad():
            expected = load_model(asked, chosen).sample(2, seed=0).x
        assert (found["x"] == expected.numpy()).all()
    assert not (arrays("sample", asked, "-n", "2")["x"] == found["x"]).all()


def test_many_samples_are_drawn_in_parts(asked: Path, monkeypatch: pytest.MonkeyPatch):
    whole = arrays("sample", asked, "--do", "digit=1", "-n", "11")
    monkeypatch.setattr(queries, "_PART", 4)
    sizes: list[int] = []
    monkeypatch.setattr(queries, "stack_rows", _watched(queries.stack_rows, sizes))
    parts = arrays("sample", asked, "--do", "digit=1", "-n", "11")
    assert sizes == [4, 4, 3]
    np.testing.assert_allclose(parts["x"], whole["x"], atol=1e-6)


def _watched(stack, sizes):
    def watched(parts):
        sizes.extend(len(part.x) for part in parts)
        return stack(parts)

    return watched


def test_vectors_are_a_table(vectors: Path, capfd: pytest.CaptureFixture[str]):
    assert ask("sample", vectors, "--do", "b=1.5", "-n", "2") == 0
    out, err = capfd.readouterr()
    head, first, second = out.splitlines()
    assert (head.split(), err) == (["a", "b", "turn", "x"], "")
    sample = model_of(vectors).sample(2, {"b": 1.5}, seed=0)
    for row, line in enumerate((first, second)):
        numbers = [sample.latents["a"][row, 0], 1.5, *sample.latents["turn"][row]]
        words = [f"{float(number):.3g}" for number in (*numbers, *sample.x[row])]
        assert line.split() == ["b=1.5", "noise", str(row), *words]
    assert not (vectors / "sample.png").exists()


def test_a_picture_of_vectors_is_refused(
    vectors: Path, capfd: pytest.CaptureFixture[str]
):
    line = refused(capfd, 1, "sample", [vectors, "-o", "grid.png"])
    assert line.startswith("error: `x` is a vector, which has no picture: end grid.png")
    assert not Path("grid.png").exists()


def test_json_is_data_and_writes_no_file(
    vectors: Path, capfd: pytest.CaptureFixture[str]
):
    asked = ("--do", "a=7", "--units", "label", "-n", "1")
    record = printed(capfd, "sample", vectors, *asked)
    assert record["file"] is None
    assert (record["verb"], record["seed"], record["units"]) == ("sample", 0, "label")
    (example,) = record["examples"]
    sample = model_of(vectors).sample(1, {"a": 7}, seed=0, units="label")
    assert example["do"] == {"a": [pytest.approx(7)]}
    assert example["labels"].keys() == {"a", "turn"}
    assert example["latents"]["a"] == sample.latents["a"][0].tolist()
    assert example["x"] == sample.x[0].tolist()


def test_json_names_the_file_that_was_asked_for(
    asked: Path, capfd: pytest.CaptureFixture[str]
):
    record = printed(capfd, "sample", asked, "-o", "grid.png")
    assert record["file"] == "grid.png"
    assert Path("grid.png").exists()
    assert "x" not in record["examples"][0]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--do", "digti=1"], "there is no concept `digti`; did you mean `digit`?"),
        (
            ["--do", "colour=1"],
            "there is no concept `colour`; there are `digit`, `style`, `slant` and "
            "`flag`",
        ),
        (["--do", "image=1"], "`image` is what is observed, not a concept"),
        (["--do", "digit=10"], "'digit' takes a class from 0 to 9"),
        (["--do", "digit=1.5"], "'digit' takes a class from 0 to 9"),
        (["--do", "flag=0.5"], "'flag' takes zeros and ones, not 0.5"),
        (["--do", "style=1"], "`style` takes 2 numbers in brackets, not 1"),
        (["--do", "slant=[1, 2]"], "`slant` takes one number, not 2"),
        (["--do", "slant=nan"], "'slant' takes finite numbers, not nan"),
        (["--do", "slant=1e99"], "'slant' takes finite numbers, not inf"),
        (["--do", "slant=1", "--units", "label"], "'slant' is not tied to a label"),
        (
            ["--do", "digit=10", "--units", "label"],
            "the label of 'digit' takes a class",
        ),
        (["-o", "no/grid.png"], "cannot write no/grid.png: there is no folder no"),
        (["-o", "no/out.npz"], "cannot write no/out.npz: there is no folder no"),
    ],
)
def test_what_cannot_be_had_is_one_line(
    arguments: list[str], line: str, asked: Path, capfd: pytest.CaptureFixture[str]
):
    said = refused(capfd, 1, "sample", [asked, *arguments])
    assert said.startswith(f"error: {line}")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-o", "spec.dag"], "end it in .png or .npz"),
        (["--do", "digit"], "'digit' sets nothing: write NAME=VALUE"),
        (["--do", "digit=two"], "'two' is not a number"),
        (["--do", "digit=1, digit=2"], "'digit' is set twice"),
        (["-n", "0"], "greater than or equal to 1"),
        (["--units", "metres"], "metres"),
        (["--latent", "digit"], "No such option"),
    ],
)
def test_misuse_is_exit_code_2(
    arguments: list[str], line: str, asked: Path, capfd: pytest.CaptureFixture[str]
):
    assert line in refused(capfd, 2, "sample", [asked, *arguments])


def test_a_folder_without_a_run_is_one_line(
    asked: Path, capfd: pytest.CaptureFixture[str]
):
    line = refused(capfd, 1, "sample", ["nowhere"])
    assert line == "error: nowhere is no run: it is no folder"
    line = refused(capfd, 1, "sample", [asked.parent])
    assert line == f"error: {asked.parent} holds runs: name one, such as {asked}"


def test_a_model_that_makes_up_nan_is_told_of(
    asked: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def spoilt(path, weights):
        model = load_model(path, weights)
        with torch.no_grad():
            model.decoder.constant.fill_(torch.nan)
        return model

    monkeypatch.setattr(trained, "load_model", spoilt)
    line = refused(capfd, 1, "sample", [asked, "-o", "grid.png"])
    assert line.startswith("error: `x` is not finite in some examples")
    assert not Path("grid.png").exists()


@pytest.mark.parametrize("verb", ["sample", "traverse", "intervene", "counterfactual"])
def test_help_has_an_example_and_loads_no_torch(verb: str):
    code = (
        "import sys; from dagspec.cli import main\n"
        f"try: main(['{verb}', '--help'])\n"
        "finally: print('torch' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert f"Example: dagspec {verb} runs/" in done.stdout
    assert done.stdout.endswith("False False\n")
