"""The official file of dSprites: inflated once, never unpickled, then mapped.

`dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz` (Matthey et al. 2017) holds 3 GB of
pixels in 26 MB. The first reading streams them into a bit-packed cache of 447 MB;
later ones map that. Its `metadata` is a pickle and is not touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dagspec.data import sprite_grid as grid
from dagspec.data.npz_members import one_line_errors, read_header
from dagspec.data.packed import Packed, open_packed, write_packed
from dagspec.data.source import DataError
from dagspec.data.sprite_sources import FiniteSprites

_CHUNK = 1024  # images in memory at a time
_IMAGES, _VALUES, _CLASSES = "imgs", "latents_values", "latents_classes"
_DTYPES: Final = {_IMAGES: np.uint8, _VALUES: np.float64, _CLASSES: np.int64}
_ROWS: Final = {_IMAGES: (64, 64), _VALUES: (6,), _CLASSES: (6,)}


class NpzSprites(FiniteSprites):
    """The images of a file in the layout of dSprites, in its order."""

    def __init__(self, path: Path, folder: Path, packed: Packed) -> None:
        """The mapped images of `path`, whose cache is in `folder`."""
        super().__init__(str(path), grid.indices_of(packed.classes))
        self._path, self._folder, self._packed = path, folder, packed

    def __len__(self) -> int:
        return len(self._packed.bits)

    def __reduce__(self) -> tuple[object, tuple[Path, Path]]:
        """Map the file again: half a gigabyte is no part of a pickle."""
        return open_npz, (self._path, self._folder)

    def at(self, index: ArrayLike) -> grid.Frames:
        """The images of rows `index (N,)` with their values and classes.

        Raises:
            ValueError: an index is not an integer in `0 .. len(self) - 1`.
        """
        rows = grid.check_indices(index, len(self))
        values, classes = self._packed.values[rows], self._packed.classes[rows]
        return grid.Frames(self.images(rows), values, classes)

    def images(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The images uint8 `(N, 64, 64)` of rows of the file."""
        pixels = np.unpackbits(self._packed.bits[rows], axis=1)
        return pixels.reshape(-1, *_ROWS[_IMAGES])


def open_npz(path: str | Path, cache_dir: str | Path | None = None) -> NpzSprites:
    """Open a file in the layout of dSprites, inflating it at the first time.

    Args:
        path: the `.npz`; `latents_classes` may be missing.
        cache_dir: where the cache goes; beside the file when None.

    Returns:
        Its images, mapped. The cache is made anew when the file's content changes.

    Raises:
        DataError: the file or its cache is missing, damaged or not of that layout,
            or the cache cannot be written.
    """
    path = Path(path)
    folder = path.parent if cache_dir is None else Path(cache_dir)
    cache = folder / f"{path.name}.bits"
    with one_line_errors(str(path)), ZipFile(path) as archive:
        key = _key(archive)
        packed = open_packed(cache, key)
        if packed is None:
            _inflate(archive, cache, key)
            packed = open_packed(cache, key)
    if packed is None:
        raise DataError(f"{cache}: another process changed it just now")
    return NpzSprites(path, folder, packed)


def _key(archive: ZipFile) -> bytes:
    """What the archive's directory says of the content: no byte is inflated for it."""
    entries = sorted((i.filename, i.file_size, i.CRC) for i in archive.infolist())
    return hashlib.sha256(repr(entries).encode()).digest()


def _inflate(archive: ZipFile, cache: Path, key: bytes) -> None:
    values = _read_all(archive, _VALUES)
    try:
        classes = grid.classes_of(values)
    except ValueError as error:
        raise DataError(f"{archive.filename}: {error}") from error
    if f"{_CLASSES}.npy" in archive.namelist():
        stored = _read_all(archive, _CLASSES)
        if not np.array_equal(stored, classes):
            raise DataError(f"{archive.filename}: {_CLASSES} contradict {_VALUES}")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        write_packed(cache, key, values, classes, _pack(archive, len(values)))
    except OSError as error:
        raise DataError(
            f"{cache}: the cache cannot be written ({error.strerror}); "
            "name another folder for it"
        ) from error


def _pack(archive: ZipFile, count: int) -> Iterator[NDArray[np.uint8]]:
    found = 0
    for images in _stream(archive, _IMAGES):
        if images.max() > 1:
            wrong = f"a pixel is {images.max()}, neither 0 nor 1"
            raise DataError(f"{archive.filename}: {wrong}")
        found += len(images)
        yield np.packbits(images.reshape(len(images), -1), axis=1)
    if found != count:
        wrong = f"{found} images, but {_VALUES} of {count}"
        raise DataError(f"{archive.filename}: {wrong}")


def _read_all(archive: ZipFile, name: str) -> NDArray[Any]:
    return np.concatenate(list(_stream(archive, name)))


def _stream(archive: ZipFile, name: str) -> Iterator[NDArray[Any]]:
    """Rows of a member, at most `_CHUNK` at a time; the last read compares the CRC."""
    member = f"{name}.npy"
    if member not in archive.namelist():
        raise DataError(f"{archive.filename}: there is no array {name!r} in it")
    place, info = f"{archive.filename}: {name}", archive.getinfo(member)
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise DataError(f"{place} is compressed in a way that numpy does not write")
    with archive.open(info) as file:
        count = _count_rows(file, info.file_size, name, place)
        row = _ROWS[name]
        width = int(np.prod(row)) * np.dtype(_DTYPES[name]).itemsize
        for start in range(0, count, _CHUNK):
            rows = min(_CHUNK, count - start)
            block = file.read(rows * width)
            if len(block) != rows * width:
                raise EOFError
            yield np.frombuffer(block, _DTYPES[name]).reshape(rows, *row)


def _count_rows(file: IO[bytes], size: int, name: str, place: str) -> int:
    """Read the header of an array and refuse all but the one expected."""
    shape, fortran, dtype = read_header(file, place, latest=1)
    expected = np.dtype(_DTYPES[name])
    if dtype != expected or fortran or shape[1:] != _ROWS[name]:
        layout = ", ".join(["N", *map(str, _ROWS[name])])
        raise DataError(f"{place} is {dtype} {shape}, not {expected} ({layout})")
    if not 1 <= shape[0] <= grid.COUNT:
        raise DataError(f"{place} has {shape[0]} rows, not 1 to {grid.COUNT}")
    if file.tell() + int(np.prod(shape)) * expected.itemsize != size:
        raise DataError(f"{place} is not as long as its header says")
    return shape[0]
