"""The reader of the official file: exact, streaming, never unpickling, all or none."""

from __future__ import annotations

import errno
import io
import os
import pickle
import shutil
import signal
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dagspec.data import DataError, Request, open_source
from dagspec.data import sprite_grid as grid
from dagspec.data.dsprites import FILE
from dagspec.data.npz import NpzSprites, open_npz
from dagspec.data.sprites import sprites_at

ROOT = Path(__file__).parents[2]


def arrays(count: int, seed: int = 0) -> dict[str, Any]:
    index = np.random.default_rng(seed).choice(grid.COUNT, count, replace=False)
    frames = sprites_at(index)
    return {
        "imgs": frames.images,
        "latents_values": frames.values,
        "latents_classes": frames.classes,
    }


def write(path: Path, **changes) -> None:
    """An official file of forty images; some arrays replaced, or None for none."""
    content = arrays(40) | changes
    kept = {name: array for name, array in content.items() if array is not None}
    np.savez_compressed(path, **kept)


def write_member(path: Path, name: str, data: bytes, method=zipfile.ZIP_DEFLATED):
    """The same file with the bytes of one array replaced."""
    write(path, **{name: None})
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr(f"{name}.npy", data)


def npy_bytes(array: np.ndarray, version=(1, 0)) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    return buffer.getvalue()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def small(tmp_path) -> Path:
    path = tmp_path / "small.npz"
    write(path)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> tuple[Path, dict[str, Any]]:
    """Several thousand images with the metadata that the official file has."""
    path = tmp_path_factory.mktemp("large") / "large.npz"
    content = arrays(5000)
    np.savez_compressed(path, metadata=np.array({"title": "sprites"}), **content)
    return path, content


def test_the_real_file_is_given_back_exactly(real_npz, tmp_path):
    with np.load(real_npz, allow_pickle=False) as real:
        images, values = real["imgs"], real["latents_values"]
    frames = open_npz(real_npz, tmp_path).at(np.arange(12))
    assert np.array_equal(frames.images, images)
    assert np.array_equal(frames.values, values)
    assert np.array_equal(grid.values_of(frames.classes), values)


def test_a_file_of_thousands_is_given_back_exactly(large, tmp_path):
    path, content = large
    source = open_npz(path, tmp_path)
    assert len(source) == 5000
    for got, key in zip(source.at(np.arange(5000)), content, strict=True):
        assert got.dtype == content[key].dtype
        assert np.array_equal(got, content[key])


def test_rows_are_read_in_the_order_asked_for(large, tmp_path):
    path, content = large
    rows = np.array([4999, 0, 1023, 1024, 0])
    frames = open_npz(path, tmp_path).at(rows)
    assert np.array_equal(frames.images, content["imgs"][rows])


def test_inflating_holds_a_few_images_at_a_time(large, tmp_path):
    path, content = large
    tracemalloc.start()
    try:
        open_npz(path, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < content["imgs"].nbytes * 0.75


def test_the_cache_takes_one_bit_a_pixel(large, tmp_path):
    path, content = large
    open_npz(path, tmp_path)
    size = (tmp_path / "large.npz.bits").stat().st_size
    assert size == 64 + content["imgs"].nbytes // 8 + 2 * 5000 * 6 * 8


def test_the_cache_lies_beside_the_file_by_default(small):
    open_npz(small)
    assert names_in(small.parent) == {"small.npz", "small.npz.bits"}


def test_the_cache_lies_in_the_folder_given(small, tmp_path):
    folder = tmp_path / "not" / "there"
    open_npz(small, folder)
    assert names_in(folder) == {"small.npz.bits"}
    assert not (tmp_path / "small.npz.bits").exists()


def test_a_second_opening_maps_the_cache_that_is_there(small):
    open_npz(small)
    before = (small.parent / "small.npz.bits").stat()
    os.utime(small)
    open_npz(small)
    after = (small.parent / "small.npz.bits").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_changed_file_is_inflated_again(small):
    open_npz(small)
    changed = arrays(40, seed=1)
    stamp = small.stat().st_mtime_ns
    write(small, **changed)
    os.utime(small, ns=(stamp, stamp))
    frames = open_npz(small).at(np.arange(40))
    assert np.array_equal(frames.images, changed["imgs"])


def test_classes_are_derived_where_the_file_has_none(tmp_path):
    expected = arrays(40)["latents_classes"]
    write(tmp_path / "a.npz", latents_classes=None)
    source = open_npz(tmp_path / "a.npz")
    assert np.array_equal(source.at(np.arange(40)).classes, expected)


def test_an_uncompressed_file_is_read(tmp_path):
    content = arrays(40)
    np.savez(tmp_path / "a.npz", **content)
    frames = open_npz(tmp_path / "a.npz").at(np.arange(40))
    assert np.array_equal(frames.images, content["imgs"])


def test_a_header_written_by_python_2_is_read(tmp_path):
    images = arrays(40)["imgs"]
    old = npy_bytes(images).replace(b"(40, 64, 64), }   ", b"(40L, 64L, 64L), }")
    assert b"40L" in old
    write_member(tmp_path / "a.npz", "imgs", old)
    frames = open_npz(tmp_path / "a.npz").at(np.arange(40))
    assert np.array_equal(frames.images, images)


class Bomb:
    """Unpickling this makes a folder called `exploded`."""

    def __init__(self, folder: Path):
        self.target = folder / "exploded"

    def __reduce__(self):
        return os.mkdir, (str(self.target),)


def test_metadata_is_not_unpickled(tmp_path):
    (tmp_path / "in").mkdir()
    bomb = np.array([Bomb(tmp_path)], dtype=object)
    write(tmp_path / "in" / "a.npz", metadata=bomb)
    open_npz(tmp_path / "in" / "a.npz")
    assert names_in(tmp_path) == {"in"}
    with np.load(tmp_path / "in" / "a.npz", allow_pickle=True) as unsafe:
        unsafe["metadata"]
    assert names_in(tmp_path) == {"in", "exploded"}  # it would have gone off


@pytest.mark.parametrize("name", ["imgs", "latents_values", "latents_classes"])
def test_an_array_of_pickles_is_refused(tmp_path, name):
    bomb = np.array([Bomb(tmp_path)], dtype=object)
    write(tmp_path / "a.npz", **{name: bomb})
    with pytest.raises(DataError, match=f"{name} is object"):
        open_npz(tmp_path / "a.npz")
    assert names_in(tmp_path) == {"a.npz"}


GOOD = arrays(40)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"imgs": None}, "there is no array 'imgs' in it"),
        ({"latents_values": None}, "there is no array 'latents_values' in it"),
        ({"imgs": GOOD["imgs"] * 255}, "a pixel is 255, neither 0 nor 1"),
        ({"imgs": GOOD["imgs"][:39]}, "39 images, but latents_values of 40"),
        ({"imgs": GOOD["imgs"][:0]}, "imgs has 0 rows, not 1 to 737280"),
        (
            {"imgs": GOOD["imgs"][:, :32]},
            r"imgs is uint8 \(40, 32, 64\), not uint8 \(N, 64, 64\)",
        ),
        ({"imgs": GOOD["imgs"] * 1.0}, r"imgs is float64 .*, not uint8"),
        ({"imgs": np.asfortranarray(GOOD["imgs"])}, "imgs is uint8"),
        ({"imgs": np.uint8(1)}, r"imgs is uint8 \(\), not uint8"),
        ({"latents_values": GOOD["latents_values"] + 0.01}, "color 1.01 is not on the"),
        ({"latents_values": GOOD["latents_values"] * np.nan}, "color nan is not on"),
        (
            {"latents_classes": GOOD["latents_classes"][::-1]},
            "latents_classes contradict latents_values",
        ),
        ({"latents_classes": GOOD["latents_classes"][:39]}, "contradict"),
    ],
)
def test_a_file_of_another_layout_is_refused_and_leaves_nothing(
    tmp_path, changes, message
):
    write(tmp_path / "a.npz", **changes)
    with pytest.raises(DataError, match=message) as caught:
        open_npz(tmp_path / "a.npz")
    assert str(caught.value).startswith(f"{tmp_path / 'a.npz'}: ")
    assert "\n" not in str(caught.value)
    assert names_in(tmp_path) == {"a.npz"}


HEADER = npy_bytes(GOOD["imgs"])


@pytest.mark.parametrize(
    ("member", "message"),
    [
        (b"", "imgs has no npy header"),
        (HEADER[:50], "imgs has no npy header"),
        (HEADER[:-1], "not as long as its header says"),
        (HEADER + b"\0", "not as long as its header says"),
        (HEADER.replace(b"(40,", b"(4e,"), "imgs has no npy header"),
        (HEADER.replace(b"(40,", b"('',"), "imgs has no npy header"),
        (HEADER.replace(b"'|u1'", b"'|u)'"), "imgs has no npy header"),
        (HEADER.replace(b"'descr'", b"[     ]"), "imgs has no npy header"),
        (HEADER.replace(b"(40, 64, 64)", b"(10**12,64,)"), "imgs has no npy header"),
        (HEADER.replace(b"(40, 64, 64)", b"(9**9,64,64)"), "imgs has no npy header"),
        (HEADER.replace(b"(40, 64, 64)", b"(-1, 64, 64)"), "imgs has -1 rows"),
        (npy_bytes(GOOD["imgs"], (2, 0)), "imgs has no npy header of version 1.0"),
    ],
)
def test_an_array_with_a_false_header_is_refused(tmp_path, member, message):
    write_member(tmp_path / "a.npz", "imgs", member)
    with pytest.raises(DataError, match=message):
        open_npz(tmp_path / "a.npz")
    assert names_in(tmp_path) == {"a.npz"}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_array_shorter_than_all_its_headers_say_is_refused(tmp_path, method):
    path = tmp_path / "a.npz"
    write_member(path, "imgs", HEADER.replace(b"(40,", b"(737280,"), method)
    claimed = struct.pack("<L", len(HEADER) + (737_280 - 40) * 4096)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\1\2")
    if method == zipfile.ZIP_STORED:
        data[entry + 20 : entry + 24] = claimed
    data[entry + 24 : entry + 28] = claimed
    path.write_bytes(data)
    with pytest.raises(DataError, match="the file ends too early"):
        open_npz(path)
    assert names_in(tmp_path) == {"a.npz"}


def test_an_encrypted_file_is_refused(small):
    data = bytearray(small.read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(signature, place + 1)
    small.write_bytes(data)
    with pytest.raises(DataError, match="encrypted"):
        open_npz(small)


def test_an_archive_of_a_later_version_is_refused(small):
    data = bytearray(small.read_bytes())
    data[data.index(b"PK\1\2") + 6] = 99
    small.write_bytes(data)
    with pytest.raises(DataError, match=r"small\.npz: zip file version 9\.9$"):
        open_npz(small)


def test_memory_that_does_not_suffice_is_an_error_that_leaves_nothing(
    small, monkeypatch
):
    def refuse(*arrays, **options):
        raise MemoryError

    monkeypatch.setattr(np, "packbits", refuse)
    with pytest.raises(DataError, match=r"small\.npz: there is no memory for it"):
        open_npz(small)
    assert names_in(small.parent) == {"small.npz"}


def test_a_compression_that_numpy_does_not_write_is_refused(tmp_path):
    write_member(tmp_path / "a.npz", "imgs", HEADER, zipfile.ZIP_BZIP2)
    with pytest.raises(DataError, match="compressed in a way that numpy does not"):
        open_npz(tmp_path / "a.npz")


@pytest.mark.parametrize("kept", [0, 1, 30, 1000, -200, -1])
def test_a_truncated_file_is_refused_and_leaves_nothing(small, kept):
    small.write_bytes(small.read_bytes()[:kept])
    with pytest.raises(DataError, match=r"small\.npz: "):
        open_npz(small)
    assert names_in(small.parent) == {"small.npz"}


def test_a_flipped_bit_is_refused_or_without_effect(small):
    good, images = small.read_bytes(), arrays(40)["imgs"]
    refused = 0
    for place in np.random.default_rng(0).integers(0, 8 * len(good), 200):
        bad = bytearray(good)
        bad[place // 8] ^= 1 << place % 8
        small.write_bytes(bad)
        try:
            assert np.array_equal(open_npz(small).at(np.arange(40)).images, images)
            small.with_name("small.npz.bits").unlink()
        except DataError:
            refused += 1
        assert names_in(small.parent) == {"small.npz"}
    assert refused > 150


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: None])
def test_what_is_no_file_is_refused(tmp_path, make):
    make(tmp_path / "a.npz")
    with pytest.raises(DataError, match=r"a\.npz: (Is a directory|No such file)"):
        open_npz(tmp_path / "a.npz")


def test_a_full_disk_is_an_error_that_leaves_nothing(small, monkeypatch):
    def fill(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill)
    message = r"bits: the cache cannot be written \(No space left on device\); name an"
    with pytest.raises(DataError, match=message):
        open_npz(small)
    assert names_in(small.parent) == {"small.npz"}


def test_a_cache_folder_that_is_a_file_is_refused(small):
    with pytest.raises(DataError, match=r"small\.npz\.bits: Not a directory"):
        open_npz(small, small)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:40],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"?" + data[1:],
        lambda data: data[:70] + bytes([data[70] ^ 1]) + data[71:],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    ],
    ids=["empty", "header", "short", "long", "magic", "value", "pixel"],
)
def test_a_damaged_cache_is_refused_by_name(small, damage):
    open_npz(small)
    cache = small.with_name("small.npz.bits")
    cache.write_bytes(damage(cache.read_bytes()))
    with pytest.raises(DataError, match=r"npz\.bits: the cache is damaged; delete it"):
        open_npz(small)
    cache.unlink()
    open_npz(small)


def test_an_interrupted_writing_leaves_nothing(small, monkeypatch):
    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        open_npz(small)
    assert names_in(small.parent) == {"small.npz"}


KILLED = """
import os, signal, sys
from dagspec.data.npz import open_npz
os.{call} = lambda *args, **options: os.kill(os.getpid(), signal.SIGKILL)
open_npz(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_killed_process_leaves_nothing_that_is_trusted(small, call):
    command = [sys.executable, "-c", KILLED.format(call=call), str(small)]
    done = subprocess.run(command, check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert "small.npz.bits" not in names_in(small.parent)
    frames = open_npz(small).at(np.arange(40))
    assert np.array_equal(frames.images, arrays(40)["imgs"])


def test_a_mapped_file_survives_its_replacement(small):
    source = open_npz(small)
    write(small, **arrays(40, seed=1))
    open_npz(small)
    assert np.array_equal(source.at(np.arange(40)).images, arrays(40)["imgs"])


@pytest.mark.parametrize("index", [-1, 40])
def test_rows_outside_the_file_are_refused(small, index):
    with pytest.raises(ValueError, match=rf"index {index} is not in 0\.\.39"):
        open_npz(small).at([index])


def test_batches_come_from_the_file(large, tmp_path):
    path, content = large
    source = open_npz(path, tmp_path)
    batch = source.load(source.choose(0, 64, seed=0))
    keys = grid.indices_of(content["latents_classes"])
    known = dict(zip(keys, content["imgs"], strict=True))
    for key, image in zip(batch.keys, batch.x, strict=True):
        assert np.array_equal(image[0], known[key])


def test_every_row_belongs_to_one_part(large, tmp_path):
    source = open_npz(large[0], tmp_path)
    parts = [source.load(source.choose(0, source.size, seed=0)).keys]
    parts += [source.held_out(5000, split).keys for split in ("validation", "test")]
    expected = np.sort(grid.indices_of(large[1]["latents_classes"]))
    assert np.array_equal(np.sort(np.concatenate(parts)), expected)
    assert [100 < len(part) < 225 for part in parts] == [False, True, True]


def test_scales_are_those_of_the_training_rows(large, tmp_path):
    source = open_npz(large[0], tmp_path)
    factors = source.load(source.choose(0, source.size, seed=0)).factors
    for name, scale in source.scales.items():
        expected = (factors[name].mean(dtype=float), factors[name].std(dtype=float))
        assert scale == pytest.approx(expected, rel=1e-6)


def test_a_pickle_is_a_path_and_not_the_images(large, tmp_path):
    source = open_npz(large[0], tmp_path)
    data = pickle.dumps(source)
    assert len(data) < 1000
    chosen = source.choose(3, 8, seed=0)
    assert np.array_equal(pickle.loads(data).load(chosen).x, source.load(chosen).x)
    assert names_in(tmp_path) == {"large.npz.bits"}
    assert "large.npz.bits" not in names_in(large[0].parent)


def of_part(wanted: int) -> np.ndarray:
    index = np.arange(500)
    return index[grid.part_of(index) == wanted][:3]


@pytest.mark.parametrize(
    ("wanted", "split", "message"),
    [
        (grid.TRAINING, "validation", r"a\.npz: no example is for validation"),
        (grid.VALIDATION, "test", r"a\.npz: no example is for training"),
    ],
)
def test_a_file_too_small_to_be_split_says_so(tmp_path, wanted, split, message):
    frames = sprites_at(of_part(wanted))
    np.savez(tmp_path / "a.npz", imgs=frames.images, latents_values=frames.values)
    with pytest.raises(DataError, match=message):
        open_npz(tmp_path / "a.npz").held_out(1, split)


def test_data_dir_is_where_dsprites_looks_for_the_official_file(large, tmp_path):
    path, content = large
    shutil.copy(path, tmp_path / FILE)
    source = open_source("dsprites", Request(data_dir=str(tmp_path)))
    assert isinstance(source, NpzSprites)
    assert len(source) == len(content["imgs"])


def test_data_dir_may_be_a_tilde(small, monkeypatch):
    small.rename(small.with_name(FILE))
    monkeypatch.setenv("HOME", str(small.parent))
    monkeypatch.setenv("USERPROFILE", str(small.parent))
    assert isinstance(open_source("dsprites", Request(data_dir="~")), NpzSprites)


def test_a_missing_official_file_is_named(tmp_path):
    with pytest.raises(DataError, match=f"{tmp_path}: there is no file {FILE} in it"):
        open_source("dsprites", Request(data_dir=str(tmp_path)))
