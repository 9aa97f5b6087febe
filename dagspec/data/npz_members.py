"""The arrays in a `.npz` file: what can be mapped is mapped, nothing is unpickled."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Literal, NamedTuple
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from dagspec.data.arrays import MappedArray
from dagspec.data.source import DataError

_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_SUFFIX: Final = ".npy"
_KINDS: Final = "biuf"


class Header(NamedTuple):
    """What an array says of itself.

    Attributes:
        shape: Its shape.
        fortran: Whether the first index runs fastest.
        dtype: What an element is.
    """

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]


class Member(NamedTuple):
    """One array of numbers: what its header says, and where its first element is.

    Attributes:
        info: Its entry in the archive.
        header: What it says of itself.
        start: Bytes before its first element.
    """

    info: ZipInfo
    header: Header
    start: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.header.shape


class NpzMembers:
    """An open `.npz` file.

    Attributes:
        members: Its arrays by name.

    Raises:
        DataError: It is missing, damaged, or holds something else than numbers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with one_line_errors(str(path)), ZipFile(path) as archive:
            self.members = {
                info.filename.removesuffix(_SUFFIX): self._member(archive, info)
                for info in archive.infolist()
            }

    def read(self, name: str) -> NDArray[Any]:
        """An array, in memory.

        Raises:
            DataError: It is damaged, or memory does not hold it.
        """
        info = self.members[name].info
        with one_line_errors(self._place(name)), ZipFile(self.path) as archive:
            with archive.open(info) as file:
                with _old_headers():
                    array = npy.read_array(file, allow_pickle=False)
                if file.read(1):  # reading to the end compares the checksum
                    raise ValueError("longer than its header says")
            return array

    def map(self, name: str) -> MappedArray | None:
        """An array where it lies in the file; None where it is compressed or empty.

        Its checksum is not compared.

        Raises:
            DataError: The file ends before the array does.
        """
        info, (shape, fortran, dtype), start = self.members[name]
        if info.compress_type != ZIP_STORED or 0 in shape:
            return None
        with one_line_errors(self._place(name)), self.path.open("rb") as file:
            file.seek(info.header_offset)
            _, name_length, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            offset = file.tell() + name_length + extra + start
            end = file.seek(0, 2)
        needed = int(np.prod(shape, dtype=object)) * dtype.itemsize
        if start + needed != info.file_size or offset + needed > end:
            raise DataError(f"{self._place(name)} is not as long as its header says")
        return MappedArray(self.path, offset, shape, dtype, fortran)

    def _member(self, archive: ZipFile, info: ZipInfo) -> Member:
        if not info.filename.endswith(_SUFFIX):
            raise DataError(f"{self.path}: `{info.filename}` in it is not an array")
        place = self._place(info.filename.removesuffix(_SUFFIX))
        with archive.open(info) as file:
            header = read_header(file, place)
            start = file.tell()
        if header.dtype.kind not in _KINDS:
            objects = header.dtype.hasobject
            what = "of Python objects" if objects else f"of {header.dtype}"
            raise DataError(f"{place} is {what}, not of numbers")
        return Member(info, header, start)

    def _place(self, name: str) -> str:
        return f"{self.path}: `{name}`"


def _old_headers() -> warnings.catch_warnings[None]:
    """Without a warning of what Python 2 wrote."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def read_header(file: IO[bytes], place: str, latest: Literal[1, 3] = 3) -> Header:
    """The header of an array; nothing of the array itself is read.

    Args:
        file: At the beginning of the array.
        place: What errors begin with.
        latest: The last version that will do; headers of later ones than 1 may be
            gigabytes long.

    Raises:
        DataError: There is none, or a false one.
    """
    try:
        version = npy.read_magic(file)
        if version > (latest, 0):
            raise ValueError(version)
        first = version == (1, 0)
        read = npy.read_array_header_1_0 if first else npy.read_array_header_2_0
        with _old_headers():
            return Header(*read(file))
    except (BadZipFile, OSError, zlib.error):
        raise
    except Exception as error:  # numpy evaluates the text, which fails in many ways
        known = "1.0" if latest == 1 else f"1.0 to {latest}.0"
        raise DataError(f"{place} has no npy header of version {known}") from error


@contextmanager
def one_line_errors(place: str) -> Generator[None]:
    """Make a `DataError` that begins with `place` of what fails in an archive."""
    try:
        yield
    except DataError:
        raise
    except OSError as error:
        where = error.filename or place  # a cache beside the archive, maybe
        raise DataError(f"{where}: {error.strerror or error}") from error
    except MemoryError as error:
        raise DataError(f"{place}: there is no memory for it") from error
    except EOFError as error:
        raise DataError(f"{place}: the file ends too early") from error
    # A compression or an encryption that zipfile cannot undo is a RuntimeError.
    except (BadZipFile, RuntimeError) as error:
        raise DataError(f"{place}: {' '.join(str(error).split())}") from error
    except (ValueError, struct.error, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{place}: damaged ({reason})") from error
