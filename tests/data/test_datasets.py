"""The table of data sets, and what every source in it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dagspec.data import DATASETS, Column

EVERY = pytest.mark.parametrize("name", DATASETS)


def test_the_demo_has_both_of_its_data_sets():
    assert {"dsprites", "dsprites_correlated"} <= set(DATASETS)


@EVERY
def test_a_data_set_is_listed_under_its_own_name(name):
    assert DATASETS[name].name == name


@EVERY
def test_a_source_is_what_its_declaration_says(name):
    source = DATASETS[name].load()
    assert source.columns == DATASETS[name].columns
    assert source.image_shape == DATASETS[name].image_shape


@EVERY
def test_a_batch_has_the_declared_images_and_factors(name):
    declared = DATASETS[name]
    batch = declared.load().draw(7, np.random.default_rng(0))
    assert batch.images.shape == (7, *declared.image_shape)
    assert batch.images.dtype == np.float32
    assert list(batch.factors) == [column.name for column in declared.columns]
    for column in declared.columns:
        values = batch.factors[column.name]
        assert values.shape == (7,)
        assert values.dtype == (np.int64 if column.kind == "class" else np.float32)


@pytest.mark.parametrize("name", ["dsprites", "dsprites_correlated"])
def test_images_of_sprites_are_binary(name):
    batch = DATASETS[name].load().draw(7, np.random.default_rng(0))
    assert np.unique(batch.images).tolist() == [0, 1]


@EVERY
def test_classes_are_counted_from_zero(name):
    declared = DATASETS[name]
    batch = declared.load().draw(2000, np.random.default_rng(0))
    for column in declared.columns:
        if column.classes is not None:
            found = np.unique(batch.factors[column.name])
            assert found.tolist() == list(range(column.classes))


@EVERY
def test_draws_are_reproducible(name):
    source = DATASETS[name].load()
    first, again = (source.draw(9, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.images, again.images)


def test_the_correlated_sprites_turn_with_their_position():
    def spread(name):
        batch = DATASETS[name].load().draw(4000, np.random.default_rng(0))
        turn = batch.factors["orientation"] - 2 * np.pi * batch.factors["pos_x"]
        return 1 - abs(np.exp(1j * turn).mean())

    assert spread("dsprites") > 0.9
    assert spread("dsprites_correlated") < 0.1


def test_the_table_is_read_without_numpy():
    code = "import sys, dagspec.data; sys.exit('numpy' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=root)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("class", {}),
        ("angle", {}),
        ("real", {"classes": 3}),
        ("class", {"classes": 3, "period": 1.0}),
    ],
)
def test_a_column_whose_kind_and_sizes_disagree_is_refused(kind, sizes):
    with pytest.raises(ValueError, match="column 'c'"):
        Column("c", kind, **sizes)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (Column("shape", "class", classes=3), "shape: class(3)"),
        (Column("turn", "angle", period=360), "turn: angle(360)"),
        (Column("scale", "real"), "scale: real"),
    ],
)
def test_a_column_prints_as_it_is_declared(column, text):
    assert str(column) == text
