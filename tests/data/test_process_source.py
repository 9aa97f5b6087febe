"""The process of a file as a data set: what every source promises."""

from __future__ import annotations

import gc
import pickle
import re
import tracemalloc

import numpy as np
import pytest

from dagspec.data import Column, DataError, Request, Split, open_source
from dagspec.data.process import ProcessSource, Simulator, columns_of
from dagspec.train.prepare import open_suitable
from dagspec.train.settings import Settings
from tests.data.processes import MIXED, TRIANGLE, source, spec_of

SPLITS: tuple[Split, ...] = ("validation", "test")
IMAGE = "a ~ normal(0, 1)\nx = blob(x = 0.5 + 0.1 * a, y = 0.5)"
EVERY = pytest.mark.parametrize(
    ("lines", "shape"),
    [(TRIANGLE, (20,)), (MIXED, (7,)), (IMAGE, (1, 16, 16))],
    ids=["triangle", "mixed", "image"],
)


def same(one, other) -> bool:
    return (
        np.array_equal(one.x, other.x)
        and np.array_equal(one.keys, other.keys)
        and all(np.array_equal(one.factors[c], other.factors[c]) for c in one.factors)
    )


def test_variables_are_columns_of_their_kinds():
    process = spec_of(MIXED, (7,)).process
    assert process is not None
    assert columns_of(process) == source(MIXED, (7,)).columns
    assert list(map(str, columns_of(process))) == [
        "a: real",
        "k: class(3)",
        "on: class(2)",
        "u: real",
        "d: real",
        "still: real",
    ]


@EVERY
def test_a_batch_has_the_declared_examples_and_factors(lines, shape):
    opened = source(lines, shape)
    batch = opened.load(opened.choose(0, 9, seed=0))
    assert opened.shape == shape
    assert batch.x.shape == (9, *shape)
    assert batch.x.dtype == np.float32
    assert batch.keys.dtype == np.int64
    assert list(batch.factors) == [column.name for column in opened.columns]
    for column in opened.columns:
        values = batch.factors[column.name]
        assert values.shape == (9,)
        assert values.dtype == (np.int64 if column.kind == "class" else np.float32)


@EVERY
def test_a_step_is_decided_by_its_number_and_the_seed(lines, shape):
    opened, again = source(lines, shape), source(lines, shape)
    later = opened.choose(5, 9, seed=3)
    assert np.array_equal(again.choose(5, 9, seed=3), later)
    for other in (opened.choose(4, 9, seed=3), opened.choose(5, 9, seed=4)):
        assert not np.isin(other, later).any()


@EVERY
def test_any_part_of_a_step_may_be_loaded_alone(lines, shape):
    opened = source(lines, shape)
    chosen = opened.choose(1, 50, seed=0)
    whole, part = opened.load(chosen), opened.load(chosen[13:20])
    np.testing.assert_allclose(whole.x[13:20], part.x, rtol=1e-5, atol=1e-6)
    assert np.array_equal(whole.keys[13:20], part.keys)
    for name, values in part.factors.items():
        assert np.array_equal(whole.factors[name][13:20], values)


@EVERY
def test_keys_tell_examples_apart_and_stay(lines, shape):
    opened = source(lines, shape)
    chosen = opened.choose(0, 5000, seed=0)
    keys = opened.load(chosen).keys
    assert len(set(keys.tolist())) == 5000
    assert keys.min() >= 0
    assert np.array_equal(opened.load(chosen[::-1]).keys, keys[::-1])
    later = opened.load(opened.choose(1, 5000, seed=0)).keys
    assert not np.isin(later, keys).any()


@EVERY
def test_fewer_held_out_examples_are_the_first_of_more(lines, shape):
    opened = source(lines, shape)
    parts = [opened.held_out(500, split) for split in SPLITS]
    for split, more in zip(SPLITS, parts, strict=True):
        few = opened.held_out(20, split)
        assert np.array_equal(few.keys, more.keys[:20])
        np.testing.assert_allclose(few.x, more.x[:20], rtol=1e-5, atol=1e-6)
    trained = opened.load(opened.choose(0, 500, 0)).keys
    together = np.concatenate([trained, *(part.keys for part in parts)])
    assert len(np.unique(together)) == 1500


@EVERY
def test_a_source_survives_pickling(lines, shape):
    opened = source(lines, shape)
    chosen = opened.choose(2, 6, seed=0)
    assert opened.scales  # what is kept goes along
    again = pickle.loads(pickle.dumps(opened))
    assert np.array_equal(again.choose(2, 6, seed=0), chosen)
    assert same(again.load(chosen), opened.load(chosen))
    assert again.scales == opened.scales


def test_scales_are_those_of_the_process():
    scales = source(MIXED, (7,)).scales
    assert list(scales) == ["a", "u", "d", "still"]
    assert scales["a"] == pytest.approx((2, 3), rel=0.02)
    assert scales["u"] == pytest.approx((3, 3**0.5), rel=0.02)
    assert scales["d"] == pytest.approx((2.5, (9 + 0.25) ** 0.5), rel=0.02)
    assert scales["still"] == (4, 1)


def test_a_batch_is_what_the_simulator_says_of_it():
    opened = source(MIXED, (7,))
    batch = opened.held_out(100, "test")
    on = batch.factors["a"] > 2
    assert np.array_equal(batch.factors["on"], on)
    expected = batch.factors["a"] + (batch.factors["k"] == 2)
    np.testing.assert_allclose(batch.factors["d"], expected, rtol=1e-5)
    factors = {name: each.astype(float) for name, each in batch.factors.items()}
    noise = batch.x - opened.simulator.render(factors)
    assert noise.std() == pytest.approx(0.05, rel=0.1)


def test_drawing_without_end_keeps_nothing():
    opened = source()

    def in_use_after(steps: range) -> int:
        for step in steps:
            opened.load(opened.choose(step, 64, seed=0))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = in_use_after(range(20))
        after = in_use_after(range(20, 150))
    finally:
        tracemalloc.stop()
    assert after - before < 20_000


def test_a_simulator_comes_with_the_source():
    opened = source()
    assert isinstance(opened, ProcessSource)
    assert isinstance(opened.simulator, Simulator)


@pytest.mark.parametrize("request_", [Request(), Request(shape=(20,))])
def test_without_a_process_there_is_nothing_to_draw_from(request_):
    message = "`process` is what the section `process { … }` of a file says, and there"
    with pytest.raises(DataError, match=re.escape(message)):
        open_source("process", request_)


def test_a_wrong_attribute_of_the_package_is_an_ordinary_error():
    import dagspec.data.process as package

    assert set(package.__all__) <= set(dir(package)) | {"Simulator", "ProcessSource"}
    with pytest.raises(AttributeError, match="no attribute 'Simulater'"):
        _ = package.Simulater  # pyright: ignore[reportAttributeAccessIssue]


def test_a_column_of_the_process_is_an_ordinary_column():
    assert source().columns == tuple(Column(name, "real") for name in "abc")


def finite(examples: str):
    process = spec_of(TRIANGLE, (20,)).process
    return open_source(f"process:{examples}", Request(shape=(20,), process=process))


def test_so_many_examples_come_once_an_epoch_and_are_the_same_for_every_seed():
    few = finite("60")
    assert few.size == 60
    epochs = [
        np.concatenate([few.load(few.choose(step, 20, seed)).keys for step in steps])
        for seed, steps in ((0, (0, 1, 2)), (0, (3, 4, 5)), (1, (0, 1, 2)))
    ]
    assert len(set(epochs[0].tolist())) == 60
    assert {frozenset(each.tolist()) for each in epochs} == {frozenset(epochs[0])}
    assert not np.array_equal(epochs[0], epochs[1])
    assert not np.array_equal(epochs[0], epochs[2])


def test_held_out_examples_are_none_of_these():
    few = finite("500")
    trained = set(few.load(few.choose(0, 500, 0)).keys.tolist())
    for split in SPLITS:
        assert trained.isdisjoint(few.held_out(500, split).keys.tolist())


def test_a_finite_process_goes_on_in_another_process():
    few = finite("50")
    rows = few.choose(1, 20, 0)
    assert same(pickle.loads(pickle.dumps(few)).load(rows), few.load(rows))


@pytest.mark.parametrize("examples", ["0", "many", "-3", "1e4"])
def test_a_number_of_examples_is_a_whole_number(examples: str):
    with pytest.raises(DataError, match=f"process:{examples}.*asks for no number"):
        finite(examples)


def test_a_run_trains_on_the_process_of_its_file(tmp_path):
    spec = spec_of(MIXED, (7,))
    opened = open_suitable(spec, Settings(out=tmp_path))
    assert isinstance(opened, ProcessSource)
    assert opened.simulator.process == spec.process
    assert opened.shape == (7,)
