"""A folder of images as a source: fitted, labelled, split, streamed."""

from __future__ import annotations

import logging
import os
import pickle
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest

from dagspec.data import Column, DataError, Request, open_source
from tests.data.image_folders import fill, fill_celeba, picture

FIT = Request(shape=(3, 8, 8))


def opened(folder, request=FIT, **changes):
    return open_source(f"folder:{folder}", replace(request, **changes))


def everything(source):
    """Keys of all images, a part each."""
    train = source.load(source.choose(0, source.size, 0)).keys
    rest = [source.held_out(10_000, part).keys for part in ("validation", "test")]
    return [set(keys.tolist()) for keys in (train, *rest)]


def test_images_are_fitted_to_what_the_model_observes(tmp_path):
    fill(tmp_path, 20)
    for shape in ((3, 8, 8), (1, 5, 9), (3, 24, 20), (3, 50, 60)):
        source = opened(tmp_path, shape=shape)
        batch = source.load(source.choose(0, 4, 0))
        assert source.shape == shape
        assert batch.x.shape == (4, *shape)
        assert batch.x.dtype == np.float32
        assert 0 <= batch.x.min() < 0.3
        assert 0.7 < batch.x.max() <= 1


def test_a_batch_is_of_the_images_that_were_chosen(tmp_path):
    fill(tmp_path, 20)
    source = opened(tmp_path, shape=(3, 24, 20))
    chosen = source.choose(0, 5, 0)
    for row, x in zip(chosen, source.load(chosen).x, strict=True):
        pixels = np.asarray(picture(int(row)), np.float32).transpose(2, 0, 1)
        assert np.array_equal(x, pixels / 255)


def test_without_a_shape_that_of_the_first_image_counts(tmp_path):
    fill(tmp_path, 20)
    source = opened(tmp_path, shape=None)
    assert source.shape == (3, 24, 20)
    assert source.held_out(1).x.shape == (1, 3, 24, 20)


def test_without_a_shape_another_size_is_refused(tmp_path):
    fill(tmp_path, 20)
    picture(size=(21, 24)).save(tmp_path / "0019.png")
    source = opened(tmp_path, shape=None)
    with pytest.raises(DataError, match=r"0019\.png: is 21x24 pixels, not 20x24"):
        everything(source)


@pytest.mark.parametrize("shape", [(20,), (2, 8, 8), (4, 8, 8)])
def test_a_shape_that_no_image_has_is_refused(tmp_path, shape):
    fill(tmp_path, 3)
    wanted = "x".join(map(str, shape))
    with pytest.raises(DataError, match=rf"1 \(grey\) or 3 .* observes {wanted}$"):
        opened(tmp_path, shape=shape)


def test_every_image_is_in_one_part(tmp_path):
    fill(tmp_path, 200)
    train, validation, test = everything(opened(tmp_path))
    assert len(train) + len(validation) + len(test) == 200
    assert len(train | validation | test) == 200
    assert 4 <= len(validation) <= 24
    assert 4 <= len(test) <= 24


def test_keys_stay_when_other_images_come_and_go(tmp_path):
    names = fill(tmp_path, 60)
    before = opened(tmp_path)
    old = dict(zip(names, before.load(np.arange(60)).keys, strict=True))
    for name in names[:30]:
        (tmp_path / name).unlink()
    after = opened(tmp_path).load(np.arange(30)).keys
    assert after.tolist() == [old[name] for name in names[30:]]
    assert len(set(old.values())) == 60
    assert min(old.values()) >= 0


def test_labels_are_those_of_the_image(tmp_path):
    names = fill(tmp_path, 40)
    rows = [f"{name},{i / 8},{i % 4},{9 * i}\n" for i, name in enumerate(names)]
    text = "file,size,kind,turn:angle(360)\n" + "".join(reversed(rows))
    (tmp_path / "labels.csv").write_text(text)
    source = opened(tmp_path)
    assert source.columns == (
        Column("size", "real"),
        Column("kind", "class", classes=4),
        Column("turn", "angle", period=360),
    )
    chosen = source.choose(0, 16, 0)
    factors = source.load(chosen).factors
    assert factors["size"].tolist() == (chosen / 8).tolist()
    assert factors["kind"].tolist() == (chosen % 4).tolist()
    assert factors["turn"].tolist() == (9 * chosen).tolist()
    assert factors["kind"].dtype == np.int64
    assert factors["turn"].dtype == np.float32
    known = source.choose(0, source.size, 0) / 8
    assert source.scales["size"] == pytest.approx((known.mean(), known.std()))


def test_an_image_without_a_row_has_missing_labels(tmp_path):
    names = fill(tmp_path, 3)
    text = f"file,size,kind\n{names[0]},2.5,0\n{names[2]},3.5,1\n"
    (tmp_path / "labels.csv").write_text(text)
    factors = opened(tmp_path).load(np.arange(3)).factors
    assert factors["kind"].tolist() == [0, -1, 1]
    assert np.isnan(factors["size"]).tolist() == [False, True, False]


def test_a_row_without_an_image_is_an_error_or_a_warning(tmp_path, caplog):
    fill(tmp_path, 3)
    text = "file,kind\n0000.png,0\nnone.png,1\nnor.png,1\n"
    (tmp_path / "labels.csv").write_text(text)
    message = r"labels\.csv:3: no image `none\.png`, and 1 more like it \(--broken "
    message += r"skip goes on without it\)$"
    with pytest.raises(DataError, match=message):
        opened(tmp_path)
    with caplog.at_level(logging.WARNING, "dagspec.data"):
        source = opened(tmp_path, broken="skip")
    assert len(caplog.messages) == 1
    assert caplog.messages[0].endswith("no image `none.png`, and 1 more like it")
    assert source.load(np.arange(3)).factors["kind"].tolist() == [0, -1, -1]


def test_labels_of_other_images_altogether_are_an_error_in_either_case(tmp_path):
    fill(tmp_path, 3)
    (tmp_path / "labels.csv").write_text("file,kind\na.png,0\n")
    for broken in ("fail", "skip"):
        with pytest.raises(DataError, match=r"labels\.csv:2: no image `a\.png`$"):
            opened(tmp_path, broken=broken)


def test_two_rows_of_one_image_are_named(tmp_path):
    fill(tmp_path / "a", 3)
    text = "file,kind\na/0001.png,0\n0001.png,1\n"
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(DataError, match=r"csv:3: `0001\.png` is also in line 2"):
        opened(tmp_path)


def test_a_split_column_decides(tmp_path):
    names = fill(tmp_path, 12)
    rows = "".join(f"{name},{i % 3},{i}\n" for i, name in enumerate(names))
    (tmp_path / "labels.csv").write_text(f"file,split,size\n{rows}")
    source = opened(tmp_path)
    assert [column.name for column in source.columns] == ["size"]
    assert sorted(source.choose(0, 4, 0)) == [0, 3, 6, 9]
    assert sorted(source.held_out(9).factors["size"]) == [1, 4, 7, 10]
    assert sorted(source.held_out(9, "test").factors["size"]) == [2, 5, 8, 11]


def test_an_image_in_no_part_is_named(tmp_path):
    fill(tmp_path, 3)
    text = "file,split\n0000.png,0\n0002.png,1\n"
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(DataError, match=r"`split` says nothing of `0001\.png`"):
        opened(tmp_path)


@pytest.mark.parametrize("below", ["", "img_align_celeba"])
def test_lists_of_celeba_are_used_in_the_folder_or_its_parent(tmp_path, below):
    fill_celeba(tmp_path)
    source = opened(tmp_path / below)
    assert [column.name for column in source.columns] == ["Male", "Young", "Smiling"]
    assert source.size == 16
    bits = source.load(np.arange(4)).factors
    assert bits["Male"].tolist() == [0, 1, 0, 1]
    assert bits["Young"].tolist() == [0, 0, 1, 1]


def test_columns_of_two_lists_have_to_differ(tmp_path):
    fill_celeba(tmp_path)
    (tmp_path / "labels.csv").write_text("file,Male\n000001.jpg,1\n")
    with pytest.raises(DataError, match="there are two columns `Male`"):
        opened(tmp_path)


def break_one(folder, row):
    name = folder / f"{row:04}.png"
    name.write_bytes(name.read_bytes()[:60])
    return name


def test_a_broken_image_stops_where_all_have_to_be_good(tmp_path):
    fill(tmp_path, 20)
    break_one(tmp_path, 7)
    message = r"0007\.png: damaged .*\) \(--broken skip goes on without it\)$"
    with pytest.raises(DataError, match=message):
        opened(tmp_path).load(np.array([3, 7]))


def test_a_broken_image_is_named_once_and_the_next_stands_in(tmp_path, caplog):
    fill(tmp_path, 20)
    source = opened(tmp_path, broken="skip")
    train = sorted(source.choose(0, source.size, 0))
    bad, worse, good = (int(row) for row in train[3:6])
    break_one(tmp_path, bad)
    (tmp_path / f"{worse:04}.png").write_bytes(b"")
    with caplog.at_level(logging.WARNING, "dagspec.data"):
        batches = [source.load(np.array([0, bad, worse])) for _ in range(3)]
    batch = batches[-1]
    assert batch.keys[1] == batch.keys[2] == source.load(np.array([good])).keys[0]
    assert np.array_equal(batch.x[1], source.load(np.array([good])).x[0])
    assert len(caplog.messages) == 2
    assert f"{bad:04}.png: damaged" in caplog.messages[0]
    assert f"{worse:04}.png: the file is empty" in caplog.messages[1]
    replaced = "; the next good image of the training set stands in for it"
    assert all(message.endswith(replaced) for message in caplog.messages)


def test_the_last_image_is_replaced_by_the_first(tmp_path):
    fill(tmp_path, 20)
    source = opened(tmp_path, broken="skip")
    train = sorted(source.choose(0, source.size, 0))
    break_one(tmp_path, train[-1])
    keys = source.load(np.array([train[-1], train[0]])).keys
    assert keys[0] == keys[1]


def test_a_broken_image_that_is_held_out_is_left_out(tmp_path, caplog):
    names = fill(tmp_path, 10)
    rows = "".join(f"{name},{i % 2}\n" for i, name in enumerate(names))
    (tmp_path / "labels.csv").write_text(f"file,split\n{rows}")
    break_one(tmp_path, 3)
    with caplog.at_level(logging.WARNING, "dagspec.data"):
        held_out = opened(tmp_path, broken="skip").held_out(9)
    assert len(set(held_out.keys)) == 4
    (message,) = caplog.messages
    assert message.endswith("; it is left out")


@pytest.mark.parametrize("part", ["training", "validation"])
def test_a_part_without_a_good_image_is_an_error(tmp_path, part):
    names = fill(tmp_path, 4)
    rows = "".join(f"{name},{i % 2}\n" for i, name in enumerate(names))
    (tmp_path / "labels.csv").write_text(f"file,split\n{rows}")
    source = opened(tmp_path, broken="skip")
    for name in names:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError, match=f"no image for {part} can be read"):
        _ = source.held_out(2) if part == "validation" else source.load(np.array([0]))


def test_the_first_good_image_decides_the_shape(tmp_path):
    fill(tmp_path, 3)
    (tmp_path / "0000.png").write_bytes(b"")
    assert opened(tmp_path, shape=None, broken="skip").shape == (3, 24, 20)
    with pytest.raises(DataError, match=r"0000\.png: the file is empty \(--broken sk"):
        opened(tmp_path, shape=None)


def test_other_processes_give_the_same_batches(tmp_path):
    fill(tmp_path, 30)
    source = opened(tmp_path, broken="skip")
    break_one(tmp_path, int(source.choose(2, 6, 1)[0]))
    chosen = source.choose(2, 6, 1)
    assert np.array_equal(pickle.loads(pickle.dumps(source)).choose(2, 6, 1), chosen)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        batches = list(pool.map(source.load, [chosen, chosen]))
    here = source.load(chosen)
    for batch in batches:
        assert np.array_equal(batch.x, here.x)
        assert np.array_equal(batch.keys, here.keys)


def test_memory_does_not_grow_with_the_images_that_were_seen(tmp_path):
    (first, *_) = fill(tmp_path, 1)
    for number in range(1, 4000):
        os.link(tmp_path / first, tmp_path / f"{number:06}.png")
    source = opened(tmp_path)
    for step in range(4):  # what is made once, such as tables of the decoder
        source.load(source.choose(step, 16, 0))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for step in range(4, 104):
            source.load(source.choose(step, 16, 0))
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 10 * 16 * 3 * 8 * 8 * 4  # far less than the hundred batches


def test_a_name_costs_few_bytes(tmp_path):
    (first, *_) = fill(tmp_path, 1)
    for number in range(1, 4000):
        os.link(tmp_path / first, tmp_path / f"{number:06}.png")
    assert len(pickle.dumps(opened(tmp_path))) < 4000 * 60


def test_the_home_folder_may_be_a_tilde(tmp_path, monkeypatch):
    fill(tmp_path / "mine", 3)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert opened("~/mine").size == 1


@pytest.mark.parametrize("name", ["none", ""])
def test_a_folder_that_is_not_there_is_named(tmp_path, name):
    message = "there is no such folder" if name else "needs its DIR"
    with pytest.raises(DataError, match=message):
        open_source(f"folder:{tmp_path / name}" if name else "folder:")
