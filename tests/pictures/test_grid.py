from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dagspec.pictures import RenderError
from dagspec.pictures.grid import image_grid, save_image, stack_images

WHITE = (255, 255, 255)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture)


def test_images_stand_in_their_row_and_column():
    images = np.zeros((2, 3, 8, 8))
    images[1, 2] = 1
    bright = pixels(image_grid(images, scale=2)).sum(axis=2) == 3 * 255
    inside = bright[14 + 22 :, 14 + 44 :][:16, :16]
    assert inside.all()
    assert not bright[14 : 14 + 16, 14 : 14 + 16].any()


def test_colours_are_kept():
    images = np.zeros((1, 1, 3, 4, 4))
    images[0, 0, 1] = 0.5
    assert image_grid(images, scale=1).getpixel((15, 15)) == (0, 128, 0)


def test_one_channel_is_grey():
    flat = np.random.default_rng(0).random((2, 2, 5, 5))
    assert image_grid(flat[:, :, None]) == image_grid(flat)


def test_numbers_beyond_the_range_are_cut():
    picture = image_grid(np.array([[[[-0.5]], [[1.5]]]]), scale=1)
    assert picture.getpixel((14, 14)) == (0, 0, 0)
    assert picture.getpixel((14 + 1 + 6, 14)) == WHITE


@pytest.mark.parametrize(("side", "shown"), [(8, 96), (28, 84), (64, 128), (200, 200)])
def test_small_images_are_enlarged_by_a_whole_number(side: int, shown: int):
    picture = image_grid(np.zeros((1, 1, side, side)))
    assert picture.width == shown + 2 * 14


def test_pixels_of_enlarged_images_stay_square():
    images = np.random.default_rng(0).random((1, 1, 4, 4))
    shown = pixels(image_grid(images, scale=5))[14 : 14 + 20, 14 : 14 + 20, 0]
    blocks = shown.reshape(4, 5, 4, 5)
    assert (blocks == blocks[:, :1, :, :1]).all()


def test_labels_are_beside_rows_and_above_columns():
    images = np.zeros((2, 2, 8, 8))
    bare = image_grid(images)
    labelled = image_grid(images, ["first", "second"], ["a", "b"])
    assert labelled.width > bare.width
    assert labelled.height > bare.height
    left, top = labelled.width - bare.width, labelled.height - bare.height
    beside, above = (0, top, left, labelled.height), (left, 0, labelled.width, top)
    for place in (beside, above):
        assert pixels(labelled.crop(place)).min() < 128


def test_every_letter_of_a_label_is_drawn():
    images = np.zeros((1, 1, 8, 8))
    pictures = [image_grid(images, [label]).tobytes() for label in ("σ1", "σ2", "μ1")]
    assert len(set(pictures)) == 3


def test_long_labels_are_cut():
    images = np.zeros((1, 2, 8, 8))
    long = image_grid(images, ["row " * 100], ["column " * 100, "b"])
    assert long.width < 600


def test_border_shows_a_white_image():
    picture = image_grid(np.ones((1, 1, 8, 8)), scale=1)
    assert picture.getpixel((13, 13)) != WHITE


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((8, 8), "must be"),
        ((1, 1, 2, 8, 8), "must be"),
        ((0, 3, 8, 8), "nothing to show"),
        ((900, 900, 8, 8), "too large"),
    ],
)
def test_shape_that_is_no_grid_is_an_error(shape: tuple[int, ...], reason: str):
    with pytest.raises(ValueError, match=reason):
        image_grid(np.zeros(shape))


def test_number_that_is_not_finite_is_an_error():
    with pytest.raises(ValueError, match="not finite"):
        image_grid(np.full((1, 1, 2, 2), np.nan))


@pytest.mark.parametrize(("rows", "columns"), [(["a"], []), ([], ["a", "b"])])
def test_wrong_number_of_labels_is_an_error(rows: list[str], columns: list[str]):
    with pytest.raises(ValueError, match="labels for"):
        image_grid(np.zeros((2, 3, 4, 4)), rows, columns)


def test_grid_is_saved_whole(tmp_path: Path):
    picture = image_grid(np.zeros((1, 1, 8, 8)))
    path = save_image(picture, tmp_path / "grid.png")
    with Image.open(path) as saved:
        assert saved.tobytes() == picture.tobytes()
    assert list(tmp_path.iterdir()) == [path]


def test_grid_in_a_missing_folder_is_an_error(tmp_path: Path):
    with pytest.raises(RenderError, match="there is no folder"):
        save_image(image_grid(np.zeros((1, 1, 8, 8))), tmp_path / "no" / "grid.png")


def test_labels_may_have_several_lines():
    images = np.zeros((1, 1, 8, 8))
    one = image_grid(images, ["row"], ["name"])
    two = image_grid(images, ["row"], ["name\n1.5"])
    assert two.height == one.height + 19
    assert two.width == one.width
    # The last line is where the only one was.
    other = image_grid(images, ["row"], ["other\nname"])
    assert (pixels(other)[19 + 14 :] == pixels(one)[14:]).all()
    beside = image_grid(images, ["a\nrow"], ["name"])
    assert beside.size == one.size
    assert beside.tobytes() != one.tobytes()


def test_pictures_are_stacked_at_the_left():
    first = image_grid(np.zeros((1, 2, 8, 8)))
    second = image_grid(np.ones((2, 1, 8, 8)))
    both = stack_images([first, second])
    assert both.size == (first.width, first.height + second.height)
    assert both.crop((0, 0, *first.size)).tobytes() == first.tobytes()
    below = (0, first.height, second.width, both.height)
    assert both.crop(below).tobytes() == second.tobytes()
    right = both.crop((second.width, first.height, both.width, both.height))
    assert pixels(right).min() == 255
    with pytest.raises(ValueError, match="no picture"):
        stack_images([])
