"""The arrays in a `.npz` file: what can be mapped is mapped, nothing is unpickled."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from dagspec.data.arrays import MappedArray
from dagspec.data.source import DataError

_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_SUFFIX: Final = ".npy"
_KINDS: Final = "biuf"


class Member(NamedTuple):
    """One array: what its header says, and where its first element is.

    Attributes:
        info: Its entry in the archive.
        shape: Its shape.
        fortran: Whether the first index runs fastest.
        dtype: What an element is; a number, always.
        header: Bytes before its first element.
    """

    info: ZipInfo
    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    header: int


class NpzMembers:
    """An open `.npz` file.

    Attributes:
        members: Its arrays by name.

    Raises:
        DataError: It is missing, damaged, or holds something else than numbers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._one_line_errors(), ZipFile(path) as archive:
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
        with self._one_line_errors(name), ZipFile(self.path) as archive:
            with archive.open(info) as file:
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
        info, shape, fortran, dtype, header = self.members[name]
        if info.compress_type != ZIP_STORED or 0 in shape:
            return None
        with self._one_line_errors(name), self.path.open("rb") as file:
            file.seek(info.header_offset)
            _, name_length, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            offset = file.tell() + name_length + extra + header
            end = file.seek(0, 2)
        needed = int(np.prod(shape, dtype=object)) * dtype.itemsize
        if header + needed != info.file_size or offset + needed > end:
            raise DataError(f"{self.path}: `{name}` is not as long as its header says")
        return MappedArray(self.path, offset, shape, dtype, fortran)

    def _member(self, archive: ZipFile, info: ZipInfo) -> Member:
        if not info.filename.endswith(_SUFFIX):
            raise DataError(f"{self.path}: `{info.filename}` in it is not an array")
        name = info.filename.removesuffix(_SUFFIX)
        with archive.open(info) as file:
            shape, fortran, dtype = self._header(file, name)
            header = file.tell()
        if dtype.kind not in _KINDS:
            what = "of Python objects" if dtype.hasobject else f"of {dtype}"
            raise DataError(f"{self.path}: `{name}` is {what}, not of numbers")
        return Member(info, shape, fortran, dtype, header)

    def _header(
        self, file: IO[bytes], name: str
    ) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
        try:
            if npy.read_magic(file) == (1, 0):
                return npy.read_array_header_1_0(file)
            file.seek(0)
            npy.read_magic(file)
            return npy.read_array_header_2_0(file)
        except (BadZipFile, OSError, zlib.error):
            raise
        except Exception as error:  # numpy evaluates the text, which fails in many ways
            raise DataError(f"{self.path}: `{name}` has no npy header") from error

    @contextmanager
    def _one_line_errors(self, name: str | None = None) -> Generator[None]:
        place = f"{self.path}: `{name}`" if name else str(self.path)
        try:
            yield
        except DataError:
            raise
        except OSError as error:
            raise DataError(f"{place}: {error.strerror or error}") from error
        except MemoryError as error:
            raise DataError(f"{place}: there is no memory for it") from error
        except EOFError as error:
            raise DataError(f"{place}: the file ends too early") from error
        # zipfile's words for a compression, and for an encryption, that it cannot undo
        # are NotImplementedError and RuntimeError.
        except (BadZipFile, NotImplementedError, RuntimeError) as error:
            raise DataError(f"{place}: {' '.join(str(error).split())}") from error
        except (ValueError, struct.error, zlib.error) as error:
            raise DataError(f"{place}: damaged ({error})") from error
