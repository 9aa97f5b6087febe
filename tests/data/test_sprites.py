"""The renderer and the grid of dSprites-compatible images."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.data import sprite_grid as grid
from dagspec.data.sprites import render_sprites, sprites_at


def _polygon(shape: int) -> np.ndarray:
    """Vertices `(M, 2)` of a shape at scale 1, straight from its definition."""
    if shape == 1:
        return 9.6 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    if shape == 2:
        t = np.arange(34) * 2 * np.pi / 34
        return np.stack([12.8 * np.cos(t), 7.25 * np.sin(t)], axis=1)
    t = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    curve = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([9.6 * np.sin(t) ** 3, -0.663 * curve - 1.44], axis=1)


def _fill(polygon: np.ndarray) -> np.ndarray:
    """64 x 64 pixels, on where a ray from the centre crosses an odd number of edges."""
    column, row = np.meshgrid(np.arange(64) + 0.5, np.arange(64) + 0.5)
    inside = np.zeros((64, 64), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y0 != y1:
            at = x0 + (row - y0) / (y1 - y0) * (x1 - x0)
            inside ^= ((y0 > row) != (y1 > row)) & (column < at)
    return inside


@pytest.mark.parametrize("shape", [1, 2, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_agrees_with_filling_the_outline(shape, seed):
    rng = np.random.default_rng(seed)
    scale, angle = rng.uniform(0.5, 1), rng.uniform(0, 2 * np.pi)
    pos = rng.uniform(0, 1, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    outline = scale * _polygon(shape) @ turn + 16 + 32 * pos
    image = render_sprites(shape, scale, angle, *pos)[0]
    assert image.sum() > 40
    assert np.count_nonzero(image != _fill(outline)) <= (shape == 3)


def test_agrees_with_real_images(real_npz):
    with np.load(real_npz, allow_pickle=False) as real:
        images, values = real["imgs"], real["latents_values"]
    drawn = render_sprites(*values.T[1:])
    shared = (drawn & images).sum((1, 2)) / (drawn | images).sum((1, 2))
    assert shared.mean() >= 0.99


def test_values_of_the_grid_are_those_of_the_real_file_to_the_last_bit(real_npz):
    with np.load(real_npz, allow_pickle=False) as real:
        values = real["latents_values"]
    assert np.array_equal(grid.values_of(grid.classes_of(values)), values)


@pytest.mark.parametrize("column", range(1, 6))
def test_index_base_of_a_column_steps_its_class_alone(column):
    base = [737_280, 245_760, 40_960, 1_024, 32, 1][column]
    classes = sprites_at([0, base]).classes
    step = np.zeros(6, int)
    step[column] = 1
    assert np.array_equal(classes, [np.zeros(6), step])


def test_last_index_is_the_last_class_of_everything():
    frames = sprites_at([grid.COUNT - 1])
    assert frames.classes.tolist() == [[0, 2, 5, 39, 31, 31]]
    assert frames.values[0] == pytest.approx([1, 3, 1, 2 * np.pi, 1, 1], abs=0)


def test_indices_and_classes_are_inverse():
    index = np.random.default_rng(0).integers(0, grid.COUNT, 1000)
    assert np.array_equal(grid.indices_of(grid.classes_at(index)), index)


def test_first_and_last_orientation_are_the_same_image():
    rng = np.random.default_rng(0)
    classes = rng.integers(0, grid.SIZES, (300, 6))
    classes[:, grid.ORIENTATION] = 0
    first = grid.indices_of(classes)
    last = first + 39 * 1024
    assert np.array_equal(sprites_at(first).images, sprites_at(last).images)
    assert np.array_equal(grid.part_of(first), grid.part_of(last))


def test_images_are_bytes_of_zero_and_one():
    images = sprites_at([0, 300_000, 700_000]).images
    assert images.dtype == np.uint8
    assert images.shape == (3, 64, 64)
    assert np.unique(images).tolist() == [0, 1]


def test_order_of_a_batch_does_not_change_its_images():
    index = np.arange(0, grid.COUNT, 2_111)
    shuffled = np.random.default_rng(0).permutation(len(index))
    images = sprites_at(index).images
    assert np.array_equal(sprites_at(index[shuffled]).images, images[shuffled])


@pytest.mark.parametrize("shape", [1, 2, 3])
def test_a_sprite_is_cut_off_at_the_border(shape):
    whole = render_sprites(shape, 1.0, 0.4, [0.0, 1.0], 0.5)
    cut = render_sprites(shape, 1.0, 0.4, [-0.5, 1.5], 0.5)
    assert np.array_equal(cut[0, :, :48], whole[0, :, 16:])
    assert np.array_equal(cut[1, :, 16:], whole[1, :, :48])


@pytest.mark.parametrize("size", [32, 100, 256])
def test_share_of_lit_pixels_does_not_depend_on_the_size(size):
    factors = ([1, 2, 3], 1.0, 0.3, 0.45, 0.55)
    share = render_sprites(*factors, size=size).mean((1, 2))
    assert share == pytest.approx(render_sprites(*factors).mean((1, 2)), rel=0.1)


def test_no_factors_give_no_images():
    assert render_sprites([], [], [], [], []).shape == (0, 64, 64)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((0, 1, 0, 0, 0), "shape 0 is not 1, 2 or 3"),
        ((1.5, 1, 0, 0, 0), r"shape 1\.5 is not 1, 2 or 3"),
        ((1, 0, 0, 0, 0), r"scale 0 is not in \(0, 2\]"),
        ((1, [1, -3], 0, 0, 0), r"scale -3 is not in \(0, 2\]"),
        ((1, np.nan, 0, 0, 0), "scale nan is not in"),
        ((1, 1, np.inf, 0, 0), "orientation inf is not finite"),
        ((1, 1, 0, 31, 0), r"pos_x 31 is not in \[-0\.5, 1\.5\]"),
        ((1, 1, 0, 0, np.nan), "pos_y nan is not in"),
        ((1, 1, 0, 0, 0, 0), r"size 0 is not in 1\.\.1024"),
        ((1, 1, 0, 0, [[0.5]]), r"not of shape \(1, 1\)"),
    ],
)
def test_factors_outside_their_domain_are_refused(factors, message):
    with pytest.raises(ValueError, match=message):
        render_sprites(*factors)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([5, 737_280], r"index 737280 is not in 0\.\.737279"),
        (-1, r"index -1 is not in 0\.\.737279"),
        ([0.5], "indices must be a flat array of integers, not float64"),
        ([True], "not bool"),
        ([[0]], r"of shape \(1, 1\)"),
    ],
)
def test_indices_outside_the_grid_are_refused(index, message):
    with pytest.raises(ValueError, match=message):
        sprites_at(index)
