"""The official layout of CelebA."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dagspec
from dagspec.data import Column, DataError, Request, open_source
from tests.data.image_folders import fill_celeba

SPEC = Path(__file__).parents[2] / "specs" / "celeba64.dag"
OFFICIAL = """
5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose
Black_Hair Blond_Hair Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses
Goatee Gray_Hair Heavy_Makeup High_Cheekbones Male Mouth_Slightly_Open Mustache
Narrow_Eyes No_Beard Oval_Face Pale_Skin Pointy_Nose Receding_Hairline Rosy_Cheeks
Sideburns Smiling Straight_Hair Wavy_Hair Wearing_Earrings Wearing_Hat Wearing_Lipstick
Wearing_Necklace Wearing_Necktie Young
"""


def test_attributes_and_the_official_parts(tmp_path):
    fill_celeba(tmp_path, 20)
    source = open_source(f"celeba:{tmp_path}")
    assert source.columns == tuple(
        Column(name, "class", classes=2) for name in ("Male", "Young", "Smiling")
    )
    assert source.size == 16
    assert sorted(source.choose(0, 16, 0)) == [i for i in range(20) if i % 5]
    assert len(source.held_out(9).keys) == 2
    assert len(source.held_out(9, "test").keys) == 2


def test_faces_are_cut_as_the_field_does_and_shrunk(tmp_path):
    fill_celeba(tmp_path, 5)
    pixels = np.zeros((218, 178, 3), np.uint8)
    pixels[40 : 218 - 30, 15 : 178 - 15] = 255
    name = tmp_path / "img_align_celeba" / "000002.jpg"
    Image.fromarray(pixels).save(name, quality=95)
    x = open_source(f"celeba:{tmp_path}").load(np.array([1])).x
    assert x.shape == (1, 3, 64, 64)
    assert x.min() > 0.9
    shifted = tmp_path / "img_align_celeba" / "000003.jpg"
    Image.fromarray(np.roll(pixels, 6, 0)).save(shifted, quality=95)
    assert open_source(f"celeba:{tmp_path}").load(np.array([2])).x.min() < 0.1


def test_the_shape_that_is_observed_is_heeded(tmp_path):
    fill_celeba(tmp_path, 5)
    source = open_source(f"celeba:{tmp_path}", Request(shape=(1, 32, 32)))
    assert source.held_out(1).x.shape == (1, 1, 32, 32)


def test_the_folders_of_the_download_do_as_well(tmp_path):
    fill_celeba(tmp_path, 5)
    for folder, name in (
        ("Img", "img_align_celeba"),
        ("Anno", "list_attr_celeba.txt"),
        ("Eval", "list_eval_partition.txt"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / name).rename(tmp_path / folder / name)
    assert open_source(f"celeba:{tmp_path}").size == 4


def test_faces_that_were_cut_before_are_refused(tmp_path):
    fill_celeba(tmp_path, 5)
    name = tmp_path / "img_align_celeba" / "000001.jpg"
    Image.new("RGB", (64, 64)).save(name)
    source = open_source(f"celeba:{tmp_path}")
    with pytest.raises(DataError, match=r"000001\.jpg: is 64x64 pixels, too small"):
        source.load(np.array([0]))


@pytest.mark.parametrize(
    "name", ["img_align_celeba", "list_attr_celeba.txt", "list_eval_partition.txt"]
)
def test_what_is_missing_is_named(tmp_path, name):
    fill_celeba(tmp_path, 5)
    (tmp_path / name).rename(tmp_path / "elsewhere")
    with pytest.raises(DataError, match=f"there is no {name} in it"):
        open_source(f"celeba:{tmp_path}")


def test_the_worked_spec_names_attributes_that_there_are(tmp_path):
    fill_celeba(tmp_path, 5, tuple(OFFICIAL.split()))
    spec = dagspec.load(SPEC)
    source = open_source(f"celeba:{tmp_path}", Request(shape=spec.observed.shape))
    labels = {label for latent in spec.latents for label in latent.label}
    assert len(source.columns) == 40
    assert len(labels) == 8
    assert labels <= {column.name for column in source.columns}
    assert source.held_out(1).x.shape == (1, *spec.observed.shape)
