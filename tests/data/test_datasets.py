"""The table of data sets, and what every source in it promises."""

from __future__ import annotations

import gc
import pickle
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from dagspec.data import DATASETS, Column, DataError, Request, open_source

DECLARED = [name for name, each in DATASETS.items() if each.shape is not None]
DRAWN = {"dsprites_correlated": 200_000, "pendulum": 6_400, "waterflow": 6_400}
EVERY = pytest.mark.parametrize("name", DECLARED)
SPLITS = ("validation", "test")


def first(name: str, n: int = 7, seed: int = 0):
    source = open_source(name)
    return source.load(source.choose(0, n, seed))


def same(one, other) -> bool:
    return (
        np.array_equal(one.x, other.x)
        and np.array_equal(one.keys, other.keys)
        and all(np.array_equal(one.factors[c], other.factors[c]) for c in one.factors)
    )


def test_the_data_sets_of_the_worked_specs_are_there():
    wanted = {"dsprites", "dsprites_correlated", "toydata", "pendulum", "waterflow"}
    assert wanted <= set(DECLARED)


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_is_listed_under_its_own_name(name):
    assert DATASETS[name].name == name


@EVERY
def test_a_source_is_what_its_declaration_says(name):
    source = open_source(name)
    assert source.columns == DATASETS[name].columns
    assert source.shape == DATASETS[name].shape
    real = {column.name for column in source.columns if column.kind == "real"}
    assert set(source.scales) == real


@EVERY
def test_a_batch_has_the_declared_examples_and_factors(name):
    declared, batch = DATASETS[name], first(name)
    assert declared.shape is not None
    assert declared.columns is not None
    assert batch.x.shape == (7, *declared.shape)
    assert batch.x.dtype == np.float32
    assert batch.keys.shape == (7,)
    assert batch.keys.dtype == np.int64
    assert list(batch.factors) == [column.name for column in declared.columns]
    for column in declared.columns:
        values = batch.factors[column.name]
        assert values.shape == (7,)
        assert values.dtype == (np.int64 if column.kind == "class" else np.float32)


@EVERY
def test_pixels_are_between_zero_and_one(name):
    x = first(name, 100).x
    assert x.min() >= 0
    assert 0.5 < x.max() <= 1


@pytest.mark.parametrize("name", ["dsprites", "dsprites_correlated", "toydata"])
def test_images_for_a_bernoulli_are_binary(name):
    assert np.unique(first(name).x).tolist() == [0, 1]


@EVERY
def test_classes_are_counted_from_zero(name):
    batch = first(name, 1000)
    for column in DATASETS[name].columns or ():
        if column.classes is not None:
            found = np.unique(batch.factors[column.name])
            assert found.tolist() == list(range(column.classes))


@EVERY
def test_a_step_is_decided_by_its_number_and_the_seed(name):
    source = open_source(name)
    later = source.choose(5, 9, seed=3)
    assert same(first(name, 9), first(name, 9))
    assert np.array_equal(open_source(name).choose(5, 9, seed=3), later)
    for other in (source.choose(4, 9, seed=3), source.choose(5, 9, seed=4)):
        assert not np.array_equal(other, later)


@EVERY
def test_any_part_of_a_step_may_be_loaded_alone(name):
    source = open_source(name)
    chosen = source.choose(1, 8, seed=0)
    whole, part = source.load(chosen), source.load(chosen[5:])
    assert np.array_equal(whole.x[5:], part.x)
    assert np.array_equal(whole.keys[5:], part.keys)


@EVERY
def test_keys_tell_examples_apart_and_stay(name):
    source = open_source(name)
    chosen = source.choose(0, min(64, source.size), seed=0)
    keys = source.load(chosen).keys
    assert len(set(keys.tolist())) == len(chosen)
    assert np.array_equal(source.load(chosen[::-1]).keys, keys[::-1])


@EVERY
def test_a_source_survives_pickling(name):
    source = open_source(name)
    chosen = source.choose(2, 6, seed=0)
    again = pickle.loads(pickle.dumps(source))
    assert np.array_equal(again.choose(2, 6, seed=0), chosen)
    assert same(again.load(chosen), source.load(chosen))
    assert same(again.held_out(3, "test"), source.held_out(3, "test"))


@EVERY
@pytest.mark.parametrize("split", SPLITS)
def test_fewer_held_out_examples_are_the_first_of_more(name, split):
    source = open_source(name)
    few, more = source.held_out(2, split), source.held_out(5000, split)
    assert len(few.x) == 2
    assert np.array_equal(few.x, more.x[:2])
    assert np.array_equal(few.keys, more.keys[:2])


@EVERY
def test_no_example_is_in_two_parts(name):
    source = open_source(name)
    steps = range(max(1, min(40, 2 * source.size // 500)))
    trained = [source.load(source.choose(s, 500, 0)).keys.tolist() for s in steps]
    parts = [set().union(*trained)]
    parts += [set(source.held_out(500, split).keys.tolist()) for split in SPLITS]
    for i, part in enumerate(parts):
        assert not part & set().union(*parts[:i])


@pytest.mark.parametrize(("name", "images"), DRAWN.items())
def test_drawing_without_end_keeps_nothing(name, images):
    source = open_source(name)

    def in_use_after(steps: range) -> int:
        for step in steps:
            source.load(source.choose(step, 64, seed=0))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = in_use_after(range(20))
        tracemalloc.reset_peak()
        after = in_use_after(range(20, images // 64))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    batch = source.load(source.choose(0, 64, seed=0)).x.nbytes
    assert after - before < 20_000
    assert peak < 5 * batch


def test_the_correlated_sprites_turn_with_their_position():
    def spread(name):
        factors = first(name, 4000).factors
        turn = factors["orientation"] - 2 * np.pi * factors["pos_x"]
        return 1 - abs(np.exp(1j * turn).mean())

    assert spread("dsprites") > 0.9
    assert spread("dsprites_correlated") < 0.1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dsprits", "there is no data set `dsprits`; did you mean `dsprites`?"),
        ("Pendulum", "there is no data set `Pendulum`; did you mean `pendulum`?"),
        ("x:y", "there is no data set `x`; there are `dsprites`, "),
        ("", "there is no data set ``; there are "),
        ("toydata:3", "nothing may follow the name of `toydata`, but `toydata:3` does"),
    ],
)
def test_a_wrong_name_is_refused_in_a_line(text, message):
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        open_source(text)
    assert "\n" not in str(caught.value)


def test_a_missing_argument_is_asked_for():
    needed = [n for n, d in DATASETS.items() if d.argument and d.argument[0] != "["]
    for name in needed:
        argument = DATASETS[name].argument
        message = f"`{name}` needs its {argument}: write `{name}:{argument}`"
        for text in (name, f"{name}:"):
            with pytest.raises(DataError, match=message):
                open_source(text)


@pytest.mark.parametrize("name", ["npz", "folder", "celeba"])
def test_the_home_of_nobody_is_a_folder_that_is_not_there(name):
    with pytest.raises(DataError, match=r"^~no-such-user/x: [^\n]+$"):
        open_source(f"{name}:~no-such-user/x")


@pytest.mark.parametrize("name", DATASETS)
def test_a_folder_of_official_files_is_refused_where_there_are_none(name, tmp_path):
    declared = DATASETS[name]
    text = f"{name}:{tmp_path}" if declared.argument in ("FILE", "DIR") else name
    message = f"`{name}` reads nothing from --data-dir: leave it out"
    if declared.official:
        message = f"{tmp_path}: there is no file "
    with pytest.raises(DataError, match=re.escape(message)):
        open_source(text, Request(data_dir=str(tmp_path)))


def test_the_official_sprites_are_the_only_official_files():
    assert [name for name, each in DATASETS.items() if each.official] == ["dsprites"]


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
