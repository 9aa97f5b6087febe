"""What the renderers of a process draw, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.data import DataError
from dagspec.data.pendulum_scene import render_pendulum, shadow
from dagspec.data.process import Simulator
from dagspec.data.sprites import render_sprites
from dagspec.data.waterflow_scene import flow, render_waterflow, water_level
from tests.data.processes import simulator, spec_of


def drawn(text: str, shape: tuple[int, ...] = (1, 64, 64), **factors: object):
    """Images of an expression in `a` and `b`."""
    process = simulator(f"a ~ normal(0, 1)\nb ~ normal(0, 1)\nx = {text}", shape)
    values = {n: np.atleast_1d(np.asarray(v, float)) for n, v in factors.items()}
    return process.render({"a": np.zeros(1), **values})


def centre(images):
    """Centroid of each image in shares of width and height."""
    grey = images[:, 0].astype(float)
    total = grey.sum((1, 2))
    rows, columns = ((np.arange(n) + 0.5) / n for n in grey.shape[1:])
    return grey.sum(1) @ columns / total, grey.sum(2) @ rows / total


def test_a_blob_is_where_it_should_be():
    x, y = np.array([0.3, 0.5, 0.71]), np.array([0.5, 0.35, 0.62])
    for shape in ((1, 64, 64), (1, 16, 16), (1, 48, 64)):
        images = drawn("blob(x = a, y = b, size = 0.06)", shape, a=x, b=y)
        assert images.shape == (3, *shape)
        assert images.dtype == np.float32
        np.testing.assert_allclose(centre(images), [x, y], atol=0.002)


def test_a_blob_falls_off_as_a_gaussian_does():
    text = "blob(x = 0.5, y = 0.5, size = a, brightness = b)"
    image = drawn(text, (1, 65, 65), a=0.1, b=0.7)[0, 0]
    assert image[32, 32] == pytest.approx(0.7)
    away = np.hypot(*(np.indices((65, 65)) - 32))
    expected = 0.7 * np.exp(-((away / 6.5) ** 2) / 2)
    np.testing.assert_allclose(image, expected, atol=1e-6)


def test_a_blob_may_leave_the_image():
    assert drawn("blob(x = a, y = 0.5)", a=[-0.9, 30])[..., 0].max() < 1e-6


def test_a_bar_has_its_length_its_width_and_its_place():
    text = "bar(length = a, width = 0.125, x = 0.5, y = b)"
    images = drawn(text, a=[0.25, 0.5, 0.75], b=[0.25, 0.5, 0.7])
    lit = images[:, 0] > 0.5
    assert lit.any(1).sum(1).tolist() == [16, 32, 48]
    assert lit.any(2).sum(1).tolist() == [8, 8, 8]
    x, y = centre(images)
    np.testing.assert_allclose(x, 0.5, atol=1e-6)
    np.testing.assert_allclose(y, [0.25, 0.5, 0.7], atol=1e-6)


@pytest.mark.parametrize("angle", [0.0, 0.4, np.pi / 4, -1.1, np.pi / 2])
def test_a_turned_bar_keeps_its_area_and_points_where_it_is_told(angle):
    text = "bar(length = 0.6, width = 0.1, angle = a)"
    image = drawn(text, a=angle)[0, 0].astype(float)
    assert image.sum() == pytest.approx(0.6 * 0.1 * 64 * 64, rel=0.02)
    up, right = np.indices((64, 64)) - 31.5
    up = -up
    moments = np.array([[right * right, right * up], [right * up, up * up]])
    _, axes = np.linalg.eigh((moments * image).sum((2, 3)))
    along = axes[:, -1]
    assert abs(along @ [np.cos(angle), np.sin(angle)]) == pytest.approx(1, abs=1e-3)


def test_a_bar_thinner_than_a_pixel_is_as_dark_as_its_share():
    image = drawn("bar(length = 0.5, width = a, y = 0.5078125)", a=0.25 / 64)[0, 0]
    assert image.max() == pytest.approx(0.25, abs=1e-4)
    assert image.sum() == pytest.approx(0.25 * 32, rel=1e-4)


def test_lengths_are_shares_of_the_shorter_side():
    images = drawn("bar(length = 0.5, width = 0.25, x = 0.25)", (1, 32, 64), a=0)
    assert (images[0, 0].any(0).sum(), images[0, 0].any(1).sum()) == (16, 8)
    np.testing.assert_allclose(centre(images), [[0.25], [0.5]], atol=1e-6)


def test_the_brightest_renderer_wins():
    one, other = "bar(length = a, brightness = 0.6)", "blob(x = b, y = 0.5)"
    a, b = [0.5, 0.9], [0.3, 0.6]
    together = drawn(f"[{one}, {other}]", a=a, b=b)
    apart = [drawn(text, a=a, b=b) for text in (one, other)]
    assert np.array_equal(together, np.maximum(*apart))
    assert np.array_equal(together, drawn(f"[{other}, {one}]", a=a, b=b))
    assert all((together > each).any() for each in apart)


def test_a_grey_renderer_fills_all_channels():
    image = drawn("blob(x = a, y = 0.5)", (3, 16, 16), a=0.4)
    assert image.shape == (1, 3, 16, 16)
    for channel in range(3):
        expected = drawn("blob(x = a, y = 0.5)", (1, 16, 16), a=0.4)[0, 0]
        assert np.array_equal(image[0, channel], expected)


def test_arguments_left_out_are_as_declared():
    full = "bar(length = a, x = 0.5, y = 0.5, width = 0.1, angle = 0, brightness = 1)"
    assert np.array_equal(drawn("bar(length = a)", a=0.4), drawn(full, a=0.4))


def test_a_sprite_is_that_of_dsprites():
    text = "sprite(x = a, y = 0.6, shape = 2, scale = 0.8, orientation = b)"
    images = drawn(text, a=[0.3, 0.7], b=[1, 4])
    expected = render_sprites(3, 0.8, [1, 4], [0.1, 0.9], 0.7)
    assert np.array_equal(images[:, 0], expected)
    square = drawn("sprite(x = a, y = 0.35, scale = 0.9)", (1, 32, 32), a=[0.3, 0.6])
    np.testing.assert_allclose(centre(square), [[0.3, 0.6], [0.35] * 2], atol=0.02)


def test_a_pendulum_is_that_of_the_data_set():
    text = (
        "pendulum(pendulum_angle = a, light_position = 12 + b, shadow_length = 3,"
        " shadow_position = 11)"
    )
    images = drawn(text, (3, 48, 48), a=[10, -20], b=[1, -4])
    expected = render_pendulum([10, -20], [13, 8], 3, 11, size=48)
    assert np.array_equal(images, expected)
    assert shadow(10, 13)[0] != 3  # it is drawn as told, not as geometry has it


def test_a_waterflow_is_that_of_the_data_set():
    text = (
        "waterflow(ball_size = a, hole_position = 3, water_level = b, waterflow = 5.5)"
    )
    images = drawn(text, (3, 96, 96), a=[2, 3], b=[9, 10])
    assert np.array_equal(images, render_waterflow([2, 3], 3, [9, 10], 5.5))
    assert flow(3, water_level(2))[0] != 5.5


@pytest.mark.parametrize(
    ("text", "shape", "message"),
    [
        (
            "sprite(x = a, y = 0.5)",
            (1, 16, 32),
            "`sprite` draws images `[C, S, S]`, S up to 1024; what is observed is "
            "[1, 16, 32]",
        ),
        (
            "waterflow(ball_size = 1, hole_position = 3, water_level = 9,"
            " waterflow = 2)",
            (1, 96, 96),
            "`waterflow` draws images `[3, S, S]`, S up to 1024; what is observed is "
            "[1, 96, 96]",
        ),
        (
            "sprite(x = a, y = 0.5)",
            (1, 2000, 2000),
            "`sprite` draws images `[C, S, S]`, S up to 1024; what is observed is "
            "[1, 2000, 2000]",
        ),
    ],
)
def test_a_shape_that_cannot_be_drawn_is_refused(text, shape, message):
    process = spec_of(f"a ~ uniform(0, 1)\nx = {text}", (3, 96, 96)).process
    assert process is not None
    with pytest.raises(DataError) as caught:
        Simulator(process, shape)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "shape", "message"),
    [
        (
            "bar(length = a)",
            (1, 8, 8),
            "`bar`: the `length` `a` is -0.5, not from 0 to 1000; "
            "write `min(1000, max(0, a))`, say",
        ),
        (
            "blob(x = 0.5, y = 0.5, brightness = 1 - a)",
            (1, 8, 8),
            "`blob`: the `brightness` `1 - a` is 1.5 where a = -0.5, not from 0 to 1; "
            "write `min(1, max(0, 1 - a))`, say",
        ),
        (
            "blob(x = 0.5, y = 0.5, size = 0.1 * (a > 0))",
            (1, 8, 8),
            "`blob`: the `size` `0.1 * (a > 0)` is 0 where a = -0.5, not above 0 and "
            "at most 1000; write `min(1000, max(0.01, 0.1 * (a > 0)))`, say",
        ),
        (
            "blob(x = 1e300 * a, y = 0.5)",
            (1, 8, 8),
            "`blob`: the `x` `1e300 * a` is 5e+299 where a = 0.5, not from -1000 to "
            "1000; write `min(1000, max(-1000, 1e300 * a))`, say",
        ),
        (
            "sprite(x = 0.5, y = 0.5, shape = a + 1)",
            (1, 8, 8),
            "`sprite`: the `shape` `a + 1` is 1.5 where a = 0.5, not a whole number "
            "from 0 to 2",
        ),
        (
            "pendulum(pendulum_angle = 0, light_position = a, shadow_length = 1,"
            " shadow_position = 1)",
            (3, 8, 8),
            "`pendulum`: the `light_position` `a` is -0.5, not from 0 to 24; "
            "write `min(24, max(0, a))`, say",
        ),
        (
            "blob(x = a ** 0.5, y = 0.5)",
            (1, 8, 8),
            "`blob`: the `x` cannot be computed: `a ** 0.5` is nan where a = -0.5; "
            "raise what is never negative, such as `max(0.01, …)`",
        ),
        (
            "mlp(1e200 * a)",
            (20,),
            "`mlp` cannot hold an input as large as 5e+199",
        ),
        (
            "mlp(a, 1 / (a + 0.5))",
            (20,),
            "`mlp`: the input 2 cannot be computed: `1 / (a + 0.5)` is inf where "
            "a = -0.5; divide by what is never 0",
        ),
    ],
)
def test_an_argument_outside_its_domain_is_named(text, shape, message):
    with pytest.raises(DataError) as caught:
        drawn(text, shape, a=[0.5, -0.5])
    assert str(caught.value) == message


def test_sizes_near_zero_draw_without_a_warning():
    assert drawn("blob(x = a, y = 0.5, size = 1e-300)", a=[0.5, 0.3]).max() <= 1
    assert drawn("bar(length = a)", a=[0, 1e-300]).max() < 1e-6
