"""Bars on nine pixels: all of them, and which are held out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from dagspec.data import open_source
from dagspec.data.bars import bar_length, render_bars

ALL = np.array(list(product(range(3), range(3), range(2))))


def test_a_horizontal_and_a_vertical_bar():
    assert render_bars([1, 0], [2, 1], [0, 1])[:, 0].tolist() == [
        [[0, 0, 0], [0, 0, 0], [0, 1, 1]],
        [[0, 0, 0], [1, 0, 0], [1, 0, 0]],
    ]


def test_the_length_is_the_number_of_pixels():
    lit = render_bars(*ALL.T).sum((1, 2, 3))
    assert np.array_equal(bar_length(*ALL.T), lit)


def test_two_bars_alone_look_alike():
    images = render_bars(*ALL.T).reshape(18, -1)
    assert len(np.unique(images, axis=0)) == 17
    alike = render_bars(2, 2, [0, 1])
    assert np.array_equal(alike[0], alike[1])


def parts():
    source = open_source("toydata")
    training = source.load(source.choose(0, source.size, seed=0))
    return training, source.held_out(9, "validation"), source.held_out(9, "test")


def test_every_bar_belongs_to_one_part():
    keys = [batch.keys for batch in parts()]
    assert [len(each) for each in keys] == [14, 2, 2]
    assert np.array_equal(np.sort(np.concatenate(keys)), np.arange(18))


def test_no_held_out_image_is_trained_on():
    training, *others = ({image.tobytes() for image in batch.x} for batch in parts())
    assert all(not other & training for other in others)


def test_every_class_and_length_is_trained_on():
    factors = parts()[0].factors
    assert {name: set(value) for name, value in factors.items()} == {
        "pos_x": {0, 1, 2},
        "pos_y": {0, 1, 2},
        "shape": {0, 1},
        "length": {1, 2, 3},
    }


def test_both_shapes_are_held_out():
    for batch in parts()[1:]:
        assert sorted(batch.factors["shape"]) == [0, 1]


def test_factors_of_a_batch_make_its_images():
    for batch in parts():
        factors = dict(batch.factors)
        length = factors.pop("length")
        assert np.array_equal(render_bars(**factors), batch.x)
        assert np.array_equal(bar_length(**factors), length)


def test_the_scale_is_that_of_the_training_bars():
    length = parts()[0].factors["length"]
    scale = open_source("toydata").scales["length"]
    assert scale == pytest.approx((length.mean(), length.std()))


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((3, 0, 0), r"pos_x 3 is not in \[0, 2\]"),
        ((0, 0, 2), r"shape 2 is not in \[0, 1\]"),
        ((0, 0.5, 0), r"pos_y 0\.5 is not a whole number"),
    ],
)
def test_what_is_no_bar_is_refused(factors, message):
    with pytest.raises(ValueError, match=message):
        render_bars(*factors)
