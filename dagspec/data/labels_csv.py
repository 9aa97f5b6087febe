"""`labels.csv` beside images: a header, and a row an image.

The first column names the image. The kind of another one may stand in its header, as in
`shape:class(3)`, `size:real`, `turn:angle(360)`; else it is inferred. An empty cell is
a missing value.
"""

from __future__ import annotations

import csv
import logging
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from dagspec.data.label_files import Entries
from dagspec.data.label_table import check_classes, class_values
from dagspec.data.source import Column, DataError
from dagspec.data.splits import COLUMN as SPLIT
from dagspec.data.splits import TEST

_log = logging.getLogger("dagspec.data")
_KIND: Final = re.compile(
    r"real|class\(\s*(?P<classes>[1-9]\d*)\s*\)|angle\(\s*(?P<period>[^()]+?)\s*\)"
)
_SHOWN = 3  # missing classes that a warning names


def read_labels(path: Path) -> Entries:
    """Read a `labels.csv`.

    Raises:
        DataError: It cannot be read, or a line of it is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(path, file)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not text in UTF-8") from error


def _read(path: Path, file: TextIO) -> Entries:
    reader = csv.reader(file, strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                lines.append(reader.line_num)
                rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}: {error}") from error
    if len(rows) < 2 or len(rows[0]) < 2:
        raise DataError(f"{path}: needs a header, a row, and a column beside the names")
    for line, row in zip(lines, rows, strict=True):
        if len(row) != len(rows[0]):
            raise DataError(
                f"{path}:{line}: {len(row)} cells, the header has {len(rows[0])}"
            )
    names, *cells = zip(*rows[1:], strict=True)
    columns: list[Column] = []
    values: list[NDArray[Any]] = []
    for header, texts in zip(rows[0][1:], cells, strict=True):
        numbers = _numbers(path, lines[1:], header, texts)
        column = _column(f"{path}:{lines[0]}", header, numbers)
        columns.append(column)
        values.append(_checked(path, lines[1:], column, numbers))
    return Entries(path, lines[1:], names, tuple(columns), values)


def _numbers(
    path: Path, lines: Sequence[int], header: str, texts: Sequence[str]
) -> NDArray[np.float64]:
    numbers = np.empty(len(texts))
    for i, text in enumerate(texts):
        try:
            numbers[i] = float(text) if text else math.nan
        except ValueError:
            raise DataError(
                f"{path}:{lines[i]}: `{text}` in column `{header}` is not a number; "
                "write a class as a whole number, counted from 0"
            ) from None
    return numbers


def _column(place: str, header: str, numbers: NDArray[np.float64]) -> Column:
    name, colon, kind = header.rpartition(":")
    if SPLIT in (header, name.strip()):
        return Column(SPLIT, "class", classes=TEST + 1)
    if not colon and header:
        return _inferred(place, header, numbers)
    name = name.strip()
    match = _KIND.fullmatch(kind.strip()) if name else None
    if match is None:
        raise DataError(
            f"{place}: `{header}`: after a name comes `:real`, `:class(N)` or "
            "`:angle(PERIOD)`"
        )
    if match["classes"]:
        classes = check_classes(float(match["classes"]), f"{place}: `{name}`")
        return Column(name, "class", classes=classes)
    if match["period"]:
        return Column(name, "angle", period=_period(place, header, match["period"]))
    return Column(name, "real")


def _period(place: str, header: str, text: str) -> float:
    try:
        period = float(text)
    except ValueError:
        period = math.nan
    if not 0 < period < math.inf:
        raise DataError(f"{place}: `{header}`: a period is a number above 0")
    return period


def _inferred(place: str, name: str, numbers: NDArray[np.float64]) -> Column:
    """A class where all of 0 to n - 1 occur and nothing else, otherwise a real."""
    known = np.unique(numbers[~np.isnan(numbers)])
    if len(known) and np.array_equal(known, np.arange(len(known))):
        return Column(name, "class", classes=len(known))
    if gaps := _gaps(known):
        _log.warning(
            "%s: the whole numbers of `%s` leave out %s, so it is read as real; write "
            "%s in the header",
            place,
            name,
            gaps,
            f"`{name}:class({known[-1] + 1:.0f})` or `{name}:real`",
        )
    return Column(name, "real")


def _gaps(known: NDArray[np.float64]) -> str:
    """What is missing of the classes that these numbers may be; empty if none are."""
    likely = len(known) and known[0] >= 0 and known[-1] < 2 * len(known)
    if not likely or (known % 1).any():
        return ""
    gaps = sorted(set(range(int(known[-1]))) - set(known.astype(int).tolist()))
    shown = ", ".join(map(str, gaps[:_SHOWN]))
    return shown + (f" and {len(gaps) - _SHOWN} more" if len(gaps) > _SHOWN else "")


def _checked(
    path: Path, lines: Sequence[int], column: Column, numbers: NDArray[np.float64]
) -> NDArray[Any]:
    """The values as a table holds them, once each is one that the column can have."""
    missing = np.isnan(numbers)
    if column.classes is None:
        wrong = np.abs(numbers) > np.finfo(np.float32).max
    else:
        wrong = (numbers < 0) | (numbers >= column.classes) | (numbers % 1 > 0)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise DataError(
            f"{path}:{lines[first]}: {numbers[first]:g} cannot be of `{column}`"
        )
    if column.classes is None:
        return numbers.astype(np.float32)
    return class_values(np.where(missing, -1, numbers), column.classes)
