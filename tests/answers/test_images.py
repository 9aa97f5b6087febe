"""Images that a question is about, from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dagspec.answers.asked import AnswerError
from dagspec.answers.images import Examples, Wanted, find_examples
from tests.answers.made import as_trained

GREY = as_trained("model m\nobserve image: bernoulli[1, 8, 8]\nlatent a: normal[1]\n")
COLOUR = as_trained("model m\nobserve image: normal[3, 8, 8]\nlatent a: normal[1]\n")
DEPTH = as_trained("model m\nobserve image: normal[2, 8, 8]\nlatent a: normal[1]\n")
VECTOR = as_trained("model m\nobserve x: normal[5]\nlatent a: normal[1]\n")


def found(run, *files: Path) -> Examples:
    return find_examples(run, Wanted([str(each) for each in files]))


def saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


def test_pictures_are_fitted_to_the_model(tmp_path: Path):
    wide = np.zeros((16, 32, 3), np.uint8)
    wide[:, :16] = (255, 0, 0)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    colour = found(COLOUR, tmp_path / "wide.png")
    assert colour.x.shape == (1, 3, 8, 8)
    assert colour.x.dtype == torch.float32
    # The middle is kept: half red, half black.
    assert (colour.x[0, 0, :, :3] == 1).all()
    assert (colour.x[0, 0, :, 5:] == 0).all()
    assert (colour.x[0, 1:] == 0).all()
    assert found(GREY, tmp_path / "wide.png").x.shape == (1, 1, 8, 8)
    assert colour.labels == [("wide.png",)]


@pytest.mark.parametrize("shape", [(8, 8), (1, 8, 8), (1, 1, 8, 8)])
def test_arrays_of_one_image(shape: tuple[int, ...], tmp_path: Path):
    x = np.random.default_rng(0).random(shape)
    one = found(GREY, saved(tmp_path / "one.npy", x))
    assert (one.x.numpy() == x.reshape(1, 1, 8, 8).astype(np.float32)).all()
    assert one.labels == [("one.npy",)]


def test_bytes_are_numbers_from_0_to_1(tmp_path: Path):
    x = np.full((2, 1, 8, 8), 255, np.uint8)
    both = found(GREY, saved(tmp_path / "both.npy", x))
    assert (both.x == 1).all()
    assert both.labels == [("both.npy 0",), ("both.npy 1",)]


def test_vectors_come_from_arrays(tmp_path: Path):
    x = np.arange(10).reshape(2, 5)
    assert (found(VECTOR, saved(tmp_path / "x.npy", x)).x.numpy() == x).all()
    one = found(VECTOR, saved(tmp_path / "x.npy", x[0]))
    assert one.x.tolist() == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("run", "array", "reason"),
    [
        (
            GREY,
            np.zeros((8, 9)),
            r"has the shape \[8, 9\], the model observes \[1, 8, 8",
        ),
        (
            COLOUR,
            np.zeros((8, 8)),
            r"has the shape \[8, 8\], the model observes \[3, 8",
        ),
        (VECTOR, np.zeros((0, 5)), r"has the shape \[0, 5\]"),
        (GREY, np.full((8, 8), 2.0), "takes numbers from 0 to 1, not 2 to 2"),
        (GREY, np.full((8, 8), np.nan), "takes finite numbers"),
        (VECTOR, np.full(5, np.inf), "takes finite numbers"),
        (VECTOR, np.array(["a"] * 5), "holds <U1, not numbers"),
        (VECTOR, np.zeros(5, complex), "holds complex128, not numbers"),
        (VECTOR, np.array(3.0), r"has the shape \[\]"),
    ],
)
def test_an_array_that_does_not_fit_is_refused(run, array, reason, tmp_path: Path):
    path = saved(tmp_path / "array.npy", array)
    with pytest.raises(AnswerError, match=reason):
        found(run, path)


def test_nothing_is_unpickled(tmp_path: Path):
    path = tmp_path / "objects.npy"
    np.save(path, np.array([{}], object), allow_pickle=True)
    with pytest.raises(AnswerError, match="is no array that can be read"):
        found(VECTOR, path)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"rubbish"])
def test_a_damaged_array_is_refused(content: bytes, tmp_path: Path):
    path = tmp_path / "bad.npy"
    path.write_bytes(content)
    with pytest.raises(AnswerError, match="is no array that can be read"):
        found(VECTOR, path)


def test_a_cut_off_array_is_refused(tmp_path: Path):
    path = saved(tmp_path / "bad.npy", np.zeros(5))
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(AnswerError, match="is no array that can be read"):
        found(VECTOR, path)


@pytest.mark.parametrize("run", [DEPTH, VECTOR])
def test_a_picture_of_what_is_none_is_refused(run, tmp_path: Path):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    with pytest.raises(AnswerError, match=r"which no picture fits: give a \.npy file"):
        found(run, tmp_path / "a.png")


def test_what_is_no_file_is_refused(tmp_path: Path):
    with pytest.raises(AnswerError, match="there is no such file"):
        found(GREY, tmp_path / "no.png")
    with pytest.raises(AnswerError, match="is a folder"):
        found(GREY, tmp_path)


def test_a_run_without_data_has_no_examples():
    with pytest.raises(AnswerError, match="says no data set: give --image FILE"):
        find_examples(GREY, Wanted())


def test_data_of_another_shape_is_refused():
    run = as_trained(
        "model m\nobserve image: normal[1, 9, 9]\nlatent a: normal[1]\n"
        "training { data = digits }\n"
    )
    with pytest.raises(AnswerError, match=r"of the shape \[1, 8, 8\] now, the model"):
        find_examples(run, Wanted())


def test_fewer_examples_than_asked_for_are_all_that_there_are():
    run = as_trained(
        "model m\nobserve image: bernoulli[1, 3, 3]\nlatent a: normal[1]\n"
        "training { data = toydata }\n"
    )
    few = find_examples(run, Wanted(count=50))
    assert 0 < len(few.x) == len(few.labels) < 50
