"""The cache of inflated sprites: one file, one bit a pixel, mapped into memory.

It is a header (magic, key of the source, number of images, CRC of the rest), then
the values, the classes and the images, row after row. It gets its name only when it
is complete, and nothing in it is used before its CRC was checked.
"""

from __future__ import annotations

import os
import secrets
import struct
import zlib
from collections.abc import Iterable
from itertools import chain
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dagspec.data.source import DataError
from dagspec.data.sprite_grid import NAMES

_MAGIC: Final = b"packed sprites 1"
_HEADER: Final = struct.Struct("<16s32sQQ")
_IMAGE_BYTES: Final = 64 * 64 // 8
_FACTOR_BYTES: Final = 8 * len(NAMES)


class Packed(NamedTuple):
    """Mapped images `(N, 512)`, eight pixels a byte; values and classes `(N, 6)`."""

    bits: NDArray[np.uint8]
    values: NDArray[np.float64]
    classes: NDArray[np.int64]


def write_packed(
    path: Path,
    key: bytes,
    values: NDArray[np.float64],
    classes: NDArray[np.int64],
    bits: Iterable[NDArray[np.uint8]],
) -> None:
    """Write a cache, whole or not at all.

    Args:
        path: the file to make or replace.
        key: 32 bytes that stand for the content of the source.
        values: factor values `(N, 6)`.
        classes: factor classes `(N, 6)`.
        bits: the packed images in order, some rows `(n, 512)` at a time.

    Raises:
        OSError: the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as file:
            file.write(bytes(_HEADER.size))
            crc = 0
            arrays: Iterable[NDArray[Any]] = chain((values, classes), bits)
            for array in arrays:
                block = array.tobytes()
                crc = zlib.crc32(block, crc)
                file.write(block)
            file.seek(0)
            file.write(_HEADER.pack(_MAGIC, key, len(values), crc))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def open_packed(path: Path, key: bytes) -> Packed | None:
    """Map a cache; None where there is none, or one of another source.

    Raises:
        DataError: the file is damaged.
        OSError: it cannot be read.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(_MAGIC):
            raise _damaged(path)
        _, written_for, count, crc = _HEADER.unpack(header)
        if written_for != key:
            return None
        size = os.fstat(file.fileno()).st_size
        if size != _HEADER.size + count * (2 * _FACTOR_BYTES + _IMAGE_BYTES):
            raise _damaged(path)
        mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
    payload = memoryview(mapped)[_HEADER.size :]
    if zlib.crc32(payload) != crc:
        raise _damaged(path)
    classes, bits = count * _FACTOR_BYTES, 2 * count * _FACTOR_BYTES
    return Packed(
        np.frombuffer(payload[bits:], np.uint8).reshape(count, _IMAGE_BYTES),
        np.frombuffer(payload[:classes], np.float64).reshape(count, -1),
        np.frombuffer(payload[classes:bits], np.int64).reshape(count, -1),
    )


def _damaged(path: Path) -> DataError:
    return DataError(f"{path}: the cache is damaged; delete it to have it made again")
