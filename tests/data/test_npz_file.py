"""A user's own arrays: layouts, columns, mapping, and what is refused."""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from dagspec.data import Column, DataError, Request, Scale, open_source
from dagspec.data.npz_members import one_line_errors

N = 40
BYTES = np.random.default_rng(0).integers(0, 256, (N, 6, 5), np.uint8)


@pytest.fixture
def save(tmp_path):
    """Writes arrays to a file and opens it."""

    def save(shape=None, packed=False, **arrays):
        path = tmp_path / "a.npz"
        (np.savez_compressed if packed else np.savez)(path, **arrays)
        return open_source(f"npz:{path}", Request(shape=shape))

    return save


@pytest.mark.parametrize("packed", [False, True])
def test_bytes_become_numbers_from_zero_to_one(save, packed):
    batch = save(x=BYTES, packed=packed).load(np.array([3, 1]))
    expected = BYTES[[3, 1], None].astype(np.float32) / 255
    assert np.array_equal(batch.x, expected)
    assert batch.x.dtype == np.float32
    assert batch.keys.tolist() == [3, 1]


@pytest.mark.parametrize(
    ("array", "shape", "first"),
    [
        (BYTES, (1, 6, 5), BYTES[:1, None]),
        (BYTES[:, 0], (5,), BYTES[:1, 0]),
        (BYTES[:, None], (1, 6, 5), BYTES[:1, None]),
        (BYTES[..., None], (1, 6, 5), BYTES[:1, None]),
        (BYTES[..., None].repeat(3, 3), (3, 6, 5), BYTES[:1, None].repeat(3, 1)),
    ],
)
def test_layouts_are_understood(save, array, shape, first):
    source = save(images=array)
    assert source.shape == shape
    assert np.array_equal(source.load(np.array([0])).x * 255, first)


def test_the_shape_that_is_observed_decides_where_the_file_does_not(save):
    x = np.arange(N * 3 * 4 * 1, dtype=np.float32).reshape(N, 3, 4, 1)
    assert save(x=x, shape=(3, 4, 1)).shape == (3, 4, 1)
    assert save(x=x, shape=(1, 3, 4)).shape == (1, 3, 4)


def test_channels_that_could_be_first_or_last_are_refused(save):
    with pytest.raises(DataError, match=r"`x` is \(40, 3, 4, 3\): are its channels"):
        save(x=np.zeros((N, 3, 4, 3), np.uint8))


def test_channels_that_are_neither_are_no_question_of_their_place(save):
    message = r"`x` is \(40, 8, 8, 2\); the model observes \[1, 8, 8\]$"
    with pytest.raises(DataError, match=message):
        save(x=np.zeros((N, 8, 8, 2), np.uint8), shape=(1, 8, 8))


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2"])
def test_floats_are_kept_as_they_are(save, dtype):
    x = np.linspace(-2, 3, N * 4).reshape(N, 4).astype(dtype)
    assert np.array_equal(save(x=x).load(np.arange(N)).x, x.astype(np.float32))


def test_fortran_order_is_no_other_array(save):
    source = save(x=np.asfortranarray(BYTES))
    assert np.array_equal(source.load(np.arange(N)).x[:, 0] * 255, BYTES)


def test_kinds_of_columns(save):
    source = save(
        x=BYTES,
        kind=np.arange(N) % 4,
        yes=np.arange(N) % 2 == 0,
        size=np.linspace(0, 1, N),
        turn=np.arange(N),
        turn_period=360,
    )
    assert source.columns == (
        Column("kind", "class", classes=4),
        Column("yes", "class", classes=2),
        Column("size", "real"),
        Column("turn", "angle", period=360),
    )
    factors = source.load(np.array([5, 6])).factors
    assert {name: each.dtype.name for name, each in factors.items()} == {
        "kind": "int64",
        "yes": "int64",
        "size": "float32",
        "turn": "float32",
    }
    assert factors["kind"].tolist() == [1, 2]
    assert factors["turn"].tolist() == [5, 6]


def test_integers_are_a_class_also_where_one_never_occurs(save):
    source = save(x=BYTES, kind=np.arange(N) % 2 * 2)
    assert source.columns == (Column("kind", "class", classes=3),)


def test_missing_labels_stay_missing(save):
    kind = np.where(np.arange(N) % 2, -1, np.arange(N) % 3)
    size = np.where(np.arange(N) % 2, np.nan, 1.0)
    factors = save(x=BYTES, kind=kind, size=size).load(np.array([0, 1])).factors
    assert factors["kind"].tolist() == [0, -1]
    assert np.isnan(factors["size"]).tolist() == [False, True]


def test_scales_are_those_of_known_training_values(save):
    part = np.repeat([0, 1, 2, 0], N // 4)
    size = np.where(part == 0, np.tile([1.0, 3.0], N // 2), 1000.0)
    size[0] = np.nan
    known = size[(part == 0) & ~np.isnan(size)]
    scale = save(x=BYTES, size=size, split=part).scales["size"]
    assert scale == pytest.approx(Scale(known.mean(), known.std()))


def test_the_scale_of_a_constant_column_can_be_divided_by(save):
    assert save(x=BYTES, size=np.full(N, 7.0)).scales == {"size": Scale(7.0, 1.0)}


def test_a_split_column_decides_and_is_no_factor(save):
    part = np.array([0, 1, 2, 0] * (N // 4))
    source = save(x=BYTES, split=part)
    assert source.columns == ()
    assert set(part[source.choose(0, source.size, 0)]) == {0}
    assert set(part[source.held_out(N).keys]) == {1}
    assert set(part[source.held_out(N, "test").keys]) == {2}


def test_a_part_that_is_empty_is_named(save):
    source = save(x=BYTES, split=np.repeat([0, 1], N // 2))
    with pytest.raises(DataError, match=r"a\.npz: no example is for test"):
        source.held_out(1, "test")


def test_what_is_not_compressed_is_mapped_and_not_pickled(save):
    x = np.zeros((1000, 64, 64), np.uint8)
    assert len(pickle.dumps(save(x=x, packed=True))) > x.nbytes
    mapped = save(x=x)
    mapped.load(np.array([0]))  # maps it
    assert len(pickle.dumps(mapped)) < x.nbytes / 50


def test_two_processes_give_equal_batches(save):
    source = save(x=BYTES, kind=np.arange(N) % 4)
    chosen = source.choose(3, 8, 1)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        batches = list(pool.map(source.load, [chosen, chosen]))
    for batch in batches:
        assert np.array_equal(batch.x, source.load(chosen).x)
        assert np.array_equal(batch.factors["kind"], chosen % 4)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"y": BYTES}, "examples are `x` or `images`; there is neither"),
        ({"x": BYTES, "images": BYTES}, "there is `x` and `images`"),
        ({"x": np.arange(N)}, r"`x` is int64; examples are uint8 \(0 to 255\) or"),
        ({"x": np.zeros(N)}, r"`x` is \(40,\); examples are \(N, D\)"),
        ({"x": np.zeros((0, 3))}, r"`x` is \(0, 3\); examples are"),
        ({"x": BYTES, "a": np.zeros(N - 1)}, r"`a` is \(39,\); a column of 40"),
        ({"x": BYTES, "a": np.zeros((N, 2))}, r"`a` is \(40, 2\); a column of 40"),
        ({"x": BYTES, "a": np.full(N, -2)}, "`a` goes from -2 to -2; integers are"),
        ({"x": BYTES, "a": np.arange(N) - 2}, "`a` goes from -2 to 37; integers are"),
        ({"x": BYTES, "a": np.full(N, -1)}, "`a` goes from -1 to -1; integers are"),
        (
            {"x": BYTES, "a": np.full(N, 2**64 - 1, np.uint64)},
            "`a` has more than 2,147,483,648 classes$",
        ),
        ({"x": BYTES, "a": np.full(N, 2**31)}, "`a` has more than 2,147,483,648"),
        ({"x": BYTES, "a": np.full(N, np.inf)}, "`a` has an infinite number"),
        ({"x": BYTES, "a": np.full(N, 1e60)}, "`a` has an infinite number"),
        ({"x": BYTES, "a": ["b"] * N}, "`a` is of <U1, not of numbers"),
        ({"x": BYTES, "a_period": 3.0}, "`a_period` is of no column"),
        ({"x": BYTES, "a": np.zeros(N), "a_period": 0.0}, "`a_period` is 0.0, not"),
        ({"x": BYTES, "split": np.full(N, 3)}, "`split` is of integers: 0 train, 1"),
        ({"x": BYTES, "split": np.zeros(N)}, "`split` is of integers: 0 train, 1"),
        ({"x": BYTES, "split": np.full(N, 1)}, "`split`: no example is for training"),
    ],
)
def test_arrays_that_mean_nothing_are_refused(save, arrays, message):
    with pytest.raises(DataError, match=message) as caught:
        save(**arrays)
    assert "\n" not in str(caught.value)


def test_objects_are_not_unpickled(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, x=BYTES, a=np.array([{}] * N))
    with pytest.raises(DataError, match="`a` is of Python objects, not of numbers"):
        open_source(f"npz:{path}")


@pytest.mark.parametrize("value", [np.nan, 1e300])
def test_an_example_that_is_not_finite_is_named(save, value):
    x = np.zeros((N, 4))
    x[17, 2] = value
    with pytest.raises(DataError, match="example 17 has a number not finite"):
        save(x=x).load(np.arange(N))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.npz: No such file"):
        open_source(f"npz:{tmp_path / 'none.npz'}")


@pytest.mark.parametrize("text", [b"", b"no archive", b"\x93NUMPY"])
def test_a_file_that_is_no_archive_is_named(tmp_path, text):
    path = tmp_path / "a.npz"
    path.write_bytes(text)
    with pytest.raises(DataError, match=r"a\.npz: File is not a zip file"):
        open_source(f"npz:{path}")


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_was_cut_off_is_named(tmp_path, packed):
    path = tmp_path / "a.npz"
    (np.savez_compressed if packed else np.savez)(path, x=BYTES)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"a\.npz: "):
        open_source(f"npz:{path}")


def test_a_flipped_byte_of_a_compressed_array_is_noticed(tmp_path):
    path = tmp_path / "a.npz"
    x = np.random.default_rng(0).integers(0, 256, (300, 1000), np.uint8)
    np.savez_compressed(path, x=x)
    content = bytearray(path.read_bytes())
    content[-5000] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.npz: `x`: Bad CRC-32"):
        open_source(f"npz:{path}")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("longer", [-1, 1])
def test_an_array_of_another_length_than_its_header_says_is_refused(
    tmp_path, packed, longer
):
    path = tmp_path / "a.npz"
    np.save(tmp_path / "x.npy", BYTES)
    content = (tmp_path / "x.npy").read_bytes() + b"?"
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("x.npy", content[: longer - 1 or None])
    message = "`x`.*(not as long as|longer than) its header says|`x`: damaged"
    with pytest.raises(DataError, match=message) as caught:
        open_source(f"npz:{path}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00\x04\x00{1:}"])
def test_a_member_without_a_header_is_refused(tmp_path, content):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", content)
    with pytest.raises(DataError, match="`x` has no npy header"):
        open_source(f"npz:{path}")


@pytest.mark.parametrize("packed", [False, True])
def test_a_header_written_by_python_2_is_read_without_a_word(tmp_path, packed):
    path = tmp_path / "a.npz"
    np.save(tmp_path / "x.npy", BYTES)
    new = (tmp_path / "x.npy").read_bytes()
    old = new.replace(b"(40, 6, 5), }   ", b"(40L, 6L, 5L), }")
    assert b"40L" in old
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("x.npy", old)
    batch = open_source(f"npz:{path}").load(np.arange(N))
    assert np.array_equal(batch.x[:, 0] * 255, BYTES)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError("no luck"), "a.npz: no luck"),
        (OSError(28, "No space left", "a.npz.bits"), "a.npz.bits: No space left"),
        (MemoryError(), "a.npz: there is no memory for it"),
        (EOFError(), "a.npz: the file ends too early"),
        (zipfile.BadZipFile("bad\nfile"), "a.npz: bad file"),
        (NotImplementedError("version 9"), "a.npz: version 9"),
        (RuntimeError("encrypted"), "a.npz: encrypted"),
        (ValueError("bad\nnumber"), "a.npz: damaged (bad number)"),
        (struct.error("too short"), "a.npz: damaged (too short)"),
        (zlib.error("bad block"), "a.npz: damaged (bad block)"),
        (DataError("b: as it is"), "b: as it is"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_fails_in_an_archive_is_one_line(error, message):
    with pytest.raises(DataError) as caught, one_line_errors("a.npz"):
        raise error
    assert str(caught.value) == message


def test_a_member_that_is_no_array_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(DataError, match=r"`notes\.txt` in it is not an array"):
        open_source(f"npz:{path}")
