"""What is drawn covers as much of the picture as its area says."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.data.canvas import BOTTOM, WIDTH, Canvas

UNIT = 4  # pixels of a unit in a picture of 96


def drawn(n: int = 1, size: int = 96) -> Canvas:
    return Canvas(n, size, (0.0,))


def area(canvas: Canvas) -> np.ndarray:
    """Square units that are covered in each picture."""
    return (
        canvas.images.sum((1, 2, 3), dtype=float) / (canvas.images.shape[-1] / 24) ** 2
    )


@pytest.mark.parametrize("size", [24, 96, 200])
def test_a_box_covers_exactly_its_area(size):
    canvas = drawn(2, size)
    canvas.box([3.1, 0], [1.23, 4], [7.77, 23], [9.99, 4.001], (1.0,))
    expected = [(7.77 - 3.1) * (9.99 - 1.23), 23 * 0.001]
    assert area(canvas) == pytest.approx(expected, rel=2e-3)


def test_a_disc_covers_its_area():
    canvas, radius = drawn(4), np.array([0.5, 1, 2.5, 6])
    canvas.disc([9, 9.3, 12, 12], [10, 10.1, 10, 9.7], radius, (1.0,))
    assert area(canvas) == pytest.approx(np.pi * radius**2, abs=0.03)


def test_a_line_covers_its_area_and_its_round_ends():
    canvas = drawn(3)
    canvas.line((5, [5, 5, 8]), ([5, 12, 14.3], [15, 11, 9.1]), 1.0, (1.0,))
    length = np.hypot([0, 7, 9.3], [10, 6, 1.1])
    assert area(canvas) == pytest.approx(length + np.pi / 4, rel=0.01)


def test_a_disc_lies_around_its_centre():
    canvas = drawn()
    canvas.disc(7.3, 11.9, 2, (1.0,))
    cover = canvas.images[0, 0]
    row, column = np.mgrid[:96, :96] + 0.5
    x = (cover * column).sum() / cover.sum() / UNIT
    y = BOTTOM + WIDTH - (cover * row).sum() / cover.sum() / UNIT
    assert (x, y) == pytest.approx((7.3, 11.9), abs=0.01)


def test_what_is_outside_is_cut_off():
    canvas, whole = drawn(2), drawn()
    canvas.disc([0, -9], 10, 3, (1.0,))
    whole.disc(12, 10, 3, (1.0,))
    assert area(canvas) == pytest.approx([area(whole)[0] / 2, 0])


def test_pictures_of_a_batch_do_not_touch_one_another():
    x, y = np.linspace(0, 24, 9), np.linspace(-2, 22, 9)
    canvas = drawn(9)
    canvas.disc(x, y, 2, (1.0,))
    for i in range(9):
        alone = drawn()
        alone.disc(x[i], y[i], 2, (1.0,))
        assert np.array_equal(canvas.images[i], alone.images[0])


def test_colours_lie_over_one_another():
    canvas = Canvas(1, 24, (1.0, 1.0, 1.0))
    canvas.box(0, -2, 24, 22, (0.0, 0.5, 1.0))
    canvas.box(0, -2, 12.5, 22, (1.0, 0.5, 0.0))
    row = canvas.images[0, :, 12]
    assert row[:, 0].tolist() == [1, 0.5, 0]
    assert row[:, 12] == pytest.approx([0.5, 0.5, 0.5])
    assert row[:, 13].tolist() == [0, 0.5, 1]


def test_a_jet_of_no_reach_is_not_drawn():
    canvas = drawn(2)
    canvas.fall(10, [5, 5], [0, 4], 0.5, (1.0,))
    assert (area(canvas) > 0).tolist() == [False, True]


@pytest.mark.parametrize("size", [0, 1025])
def test_a_size_outside_its_range_is_refused(size):
    with pytest.raises(ValueError, match=rf"size {size} is not in 1\.\.1024"):
        Canvas(1, size, (0.0,))
