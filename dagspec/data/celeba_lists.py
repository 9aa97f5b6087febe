"""The lists that come with CelebA (Liu et al. 2015): attributes and parts.

`list_attr_celeba.txt` has the number of images, the names of the attributes, and a line
an image: its name, then 1 or -1 an attribute. `list_eval_partition.txt` has a line an
image: its name and 0 (train), 1 (validation) or 2 (test).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from dagspec.data.label_files import Entries
from dagspec.data.source import Column, DataError
from dagspec.data.splits import COLUMN as SPLIT

ATTRIBUTES: Final = "list_attr_celeba.txt"
PARTITION: Final = "list_eval_partition.txt"
_COUNT: Final = re.compile(r"\d{1,9}")
_SIGNS: Final = {"-1": 0, "1": 1}
_PARTS: Final = {"0": 0, "1": 1, "2": 2}


def read_attributes(path: Path) -> Entries:
    """Read a `list_attr_celeba.txt`: a column of two classes an attribute.

    Raises:
        DataError: It cannot be read, or a line of it is wrong.
    """
    lines = _lines(path)
    _, first = next(lines, (1, ""))
    if not _COUNT.fullmatch(first.strip()):
        raise DataError(f"{path}:1: the number of images should stand here")
    _, header = next(lines, (2, ""))
    columns = tuple(Column(name, "class", classes=2) for name in header.split())
    if not columns:
        raise DataError(f"{path}:2: the names of the attributes should stand here")
    entries = _read(path, lines, columns, _SIGNS)
    if len(entries.names) != int(first):
        raise DataError(
            f"{path}: {len(entries.names)} images, but the first line says {int(first)}"
        )
    return entries


def read_partition(path: Path) -> Entries:
    """Read a `list_eval_partition.txt` as a column `split`.

    Raises:
        DataError: It cannot be read, or a line of it is wrong.
    """
    return _read(path, _lines(path), (Column(SPLIT, "class", classes=3),), _PARTS)


def _read(
    path: Path,
    lines: Iterator[tuple[int, str]],
    columns: tuple[Column, ...],
    codes: dict[str, int],
) -> Entries:
    numbers: list[int] = []
    names: list[str] = []
    values = bytearray()
    for number, line in lines:
        words = line.split()
        if not words:
            continue
        name, *row = words
        if len(row) != len(columns):
            raise DataError(
                f"{path}:{number}: {len(row)} values, there are {len(columns)} columns"
            )
        try:
            values += bytes([codes[word] for word in row])
        except KeyError as error:
            known = " or ".join(codes)
            raise DataError(
                f"{path}:{number}: {error.args[0]} is not {known}"
            ) from None
        numbers.append(number)
        names.append(name)
    if not names:
        raise DataError(f"{path}: there is no image in it")
    table = np.frombuffer(values, np.int8).reshape(len(names), len(columns))
    return Entries(path, numbers, names, columns, tuple(table.T))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from enumerate(file, 1)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not text in UTF-8") from error
