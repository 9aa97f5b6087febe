"""One image: what becomes of its pixels, and what is said of a bad one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from dagspec.data import DataError
from dagspec.data.image_reading import Fit, shape_of
from tests.data.image_folders import picture


@pytest.mark.parametrize("suffix", [".png", ".webp", ".bmp", ".jpg", ".gif"])
def test_every_format_is_read(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    flat = Image.new("RGB", (6, 5), (255, 0, 255))
    flat.save(path, lossless=True)  # which webp alone heeds
    pixels = Fit((3, 5, 6)).read(path)
    assert pixels.dtype == np.uint8
    expected = np.broadcast_to(np.array([255, 0, 255])[:, None, None], (3, 5, 6))
    assert np.abs(pixels.astype(int) - expected).max() <= (2 if suffix == ".jpg" else 0)


def test_an_image_of_the_right_size_is_untouched(tmp_path):
    picture(1).save(tmp_path / "a.png")
    pixels = Fit((3, 24, 20)).read(tmp_path / "a.png")
    assert np.array_equal(pixels.transpose(1, 2, 0), np.asarray(picture(1)))


@pytest.mark.parametrize("size", [(40, 20), (20, 40)])
def test_the_centre_is_kept_and_the_long_side_is_cut(tmp_path, size):
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    inside = (abs(x - size[0] / 2 + 0.5) < 12) & (abs(y - size[1] / 2 + 0.5) < 12)
    Image.fromarray(inside.astype(np.uint8) * 255).save(tmp_path / "a.png")
    assert Fit((1, 10, 10)).read(tmp_path / "a.png").min() == 255


@pytest.mark.parametrize("target", [(144, 112), (5, 9), (7, 3), (1, 11), (13, 1)])
def test_an_image_of_any_size_is_fitted(tmp_path, target):
    for width in (*range(1, 40, 3), 170, 178):
        for height in (*range(1, 40, 4), 218):
            Image.new("L", (width, height), 200).save(tmp_path / "a.bmp")
            pixels = Fit((1, *target)).read(tmp_path / "a.bmp")
            assert pixels.shape == (1, *target)
            assert (pixels == 200).all()


def test_shrinking_is_the_mean_of_what_is_shrunk(tmp_path):
    board = np.indices((64, 64)).sum(0) % 2 * 255
    Image.fromarray(board.astype(np.uint8)).save(tmp_path / "a.png")
    inner = Fit((1, 8, 8)).read(tmp_path / "a.png")
    assert np.abs(inner.astype(int) - 127.5).max() < 3


def test_a_large_jpeg_that_is_decoded_small_looks_the_same(tmp_path):
    x, y = np.meshgrid(np.arange(400), np.arange(320))
    stripes = 127.5 + 127.5 * np.sin(x / 6) * np.cos(y / 7)
    image = Image.fromarray(stripes.astype(np.uint8))
    image.save(tmp_path / "a.jpg", quality=95)
    image.save(tmp_path / "a.png")
    first, second = (
        Fit((1, 32, 40)).read(tmp_path / name).astype(int)
        for name in ("a.jpg", "a.png")
    )
    assert np.abs(first - second).max() <= 6


def test_a_large_jpeg_is_not_decoded_whole(tmp_path, monkeypatch):
    picture(size=(800, 640)).save(tmp_path / "a.jpg")
    sizes = []

    def turned(image):
        sizes.append(image.size)
        return image.copy()

    monkeypatch.setattr(ImageOps, "exif_transpose", turned)
    Fit((1, 32, 40)).read(tmp_path / "a.jpg")
    assert sizes == [(100, 80)]


def test_a_crop_comes_first(tmp_path):
    array = np.zeros((20, 30), np.uint8)
    array[4:12, 10:18] = 200
    Image.fromarray(array).save(tmp_path / "a.png")
    assert (Fit((1, 4, 4), (10, 4, 18, 12)).read(tmp_path / "a.png") == 200).all()


def test_an_image_smaller_than_the_crop_is_refused(tmp_path):
    picture(size=(30, 30)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"30x30 pixels, too small to be cut from 5, 5"):
        Fit((3, 4, 4), (5, 5, 31, 31)).read(tmp_path / "a.png")


def test_colour_becomes_grey_and_grey_becomes_colour(tmp_path):
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "red.png")
    Image.new("L", (4, 4), 90).save(tmp_path / "grey.png")
    assert np.unique(Fit((1, 4, 4)).read(tmp_path / "red.png")).tolist() == [76]
    assert np.unique(Fit((3, 4, 4)).read(tmp_path / "grey.png")).tolist() == [90]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(tmp_path, mode):
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0)).convert(mode)
    image.save(tmp_path / "a.png", transparency=0 if mode == "P" else None)
    assert Fit((1, 4, 4)).read(tmp_path / "a.png").min() == 255


def test_sixteen_bits_become_eight(tmp_path):
    array = np.array([[0, 255], [256, 65535]], np.uint16)
    Image.fromarray(array).save(tmp_path / "a.png")
    assert Fit((1, 2, 2)).read(tmp_path / "a.png")[0].tolist() == [[0, 0], [1, 255]]


def test_other_colours_are_converted(tmp_path):
    Image.new("CMYK", (8, 8), (0, 0, 0, 255)).save(tmp_path / "a.jpg")
    assert Fit((3, 8, 8)).read(tmp_path / "a.jpg").max() < 50


def test_a_photo_is_turned_upright(tmp_path):
    array = np.zeros((4, 8), np.uint8)
    array[:, :4] = 255  # bright to the left
    tags = Image.Exif()
    tags[0x0112] = 6  # the camera was turned: the left is the top
    Image.fromarray(array).save(tmp_path / "a.png", exif=tags)
    assert shape_of(tmp_path / "a.png") == (1, 8, 4)
    pixels = Fit((1, 8, 4)).read(tmp_path / "a.png")[0]
    assert pixels[:4].min() == 255
    assert pixels[4:].max() == 0


def test_what_a_camera_says_may_be_garbled(tmp_path):
    garbled = b"Exif\0\0MM\0*\0\0\0\x08\0\x03\x01"  # three tags, cut off
    picture(size=(8, 8)).save(tmp_path / "a.jpg", exif=garbled)
    assert Fit((3, 8, 8)).read(tmp_path / "a.jpg").shape == (3, 8, 8)


@pytest.mark.parametrize(
    ("mode", "channels"), [("L", 1), ("1", 1), ("LA", 1), ("RGB", 3), ("P", 3)]
)
def test_the_shape_of_an_image_as_it_is(tmp_path, mode, channels):
    Image.new(mode, (7, 5)).save(tmp_path / "a.png")
    assert shape_of(tmp_path / "a.png") == (channels, 5, 7)


def test_the_first_frame_counts(tmp_path):
    frames = [Image.new("L", (4, 4), value) for value in (10, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert np.unique(Fit((1, 4, 4)).read(tmp_path / "a.gif")).tolist() == [10]


def test_another_size_is_refused_where_nothing_is_resized(tmp_path):
    picture(size=(5, 6)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"a\.png: is 5x6 pixels, not 7x6 as the first"):
        Fit((3, 6, 7), resize=False).read(tmp_path / "a.png")


def noise():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60), "u1"))


def jpeg(path):
    noise().save(path, "JPEG")
    return path.read_bytes()


def png(path):
    noise().save(path, "PNG")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda _: b"", "the file is empty$"),
        (lambda _: b"not an image at all", "not an image that can be read$"),
        (lambda path: jpeg(path)[:-400], "damaged"),
        (lambda path: jpeg(path)[:30], "not an image that can be read|damaged"),
        (lambda path: png(path)[:-200], "damaged"),
        (lambda path: png(path)[:60] + b"\0" * 300, "damaged"),
        (
            lambda _: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            "not an image",
        ),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "a.jpg"
    path.write_bytes(content(path))
    with pytest.raises(DataError, match=rf"a\.jpg: .*{message}") as caught:
        Fit((3, 8, 8)).read(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("limit", [3599, 1799])  # PIL warns, PIL refuses
def test_too_many_pixels_are_not_decoded(tmp_path, monkeypatch, limit):
    jpeg(tmp_path / "a.jpg")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with pytest.raises(DataError, match=rf"a\.jpg: more than {limit} pixels"):
        Fit((3, 8, 8)).read(tmp_path / "a.jpg")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"a\.jpg: No such file or directory"):
        Fit((3, 8, 8)).read(tmp_path / "a.jpg")
