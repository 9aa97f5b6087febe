"""Labels of image files: what a list says, placed at the rows of the images."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dagspec.data.file_names import NameLookup
from dagspec.data.label_table import LabelTable
from dagspec.data.source import Broken, Column, DataError

SKIP: Final = "(--broken skip goes on without it)"
_log = logging.getLogger("dagspec.data")


class Entries(NamedTuple):
    """What a list of labels says.

    Attributes:
        path: The list.
        lines: The line of each entry, counted from 1.
        names: The image that each entry names.
        columns: What is said of them.
        values: An array a column, an element an entry.
    """

    path: Path
    lines: Sequence[int]
    names: Sequence[str]
    columns: tuple[Column, ...]
    values: Sequence[NDArray[Any]]


def place_entries(
    entries: Entries, lookup: NameLookup, count: int, broken: Broken
) -> LabelTable:
    """The labels of `count` images; what an image has no entry for is missing.

    Args:
        entries: What a list says.
        lookup: Which image it means.
        count: Images.
        broken: Whether an entry without an image is an error, or is passed over with a
            warning.

    Raises:
        DataError: An entry has no image, or an image has two entries.
    """
    rows = _rows(entries, lookup, count, broken)
    found = rows >= 0
    values: dict[str, NDArray[Any]] = {}
    for column, each in zip(entries.columns, entries.values, strict=True):
        missing = -1 if column.kind == "class" else np.nan
        placed = np.full(count, missing, each.dtype)
        placed[rows[found]] = each[found]
        values[column.name] = placed
    return LabelTable(entries.columns, values)


def _rows(
    entries: Entries, lookup: NameLookup, count: int, broken: Broken
) -> NDArray[np.int64]:
    """The image's row of each entry, -1 where there is no such image."""
    rows = np.full(len(entries.names), -1)
    entry_of: dict[int, int] = {}
    lost: list[int] = []
    for entry, name in enumerate(entries.names):
        row = lookup(name)
        if row is None:
            lost.append(entry)
            continue
        if row in entry_of:
            place = f"{entries.path}:{entries.lines[entry]}"
            before = entries.lines[entry_of[row]]
            raise DataError(f"{place}: `{name}` is also in line {before}")
        rows[entry], entry_of[row] = row, entry
    if lost:
        first = lost[0]
        text = (
            f"{entries.path}:{entries.lines[first]}: no image `{entries.names[first]}`"
        )
        text += f", and {len(lost) - 1} more like it" if len(lost) > 1 else ""
        if len(lost) == len(rows):
            raise DataError(text)
        if broken == "fail":
            raise DataError(f"{text} {SKIP}")
        _log.warning("%s", text)
    return rows
