"""Images with known factors, one file a data set.

To add one: a file beside this that declares a `Dataset` (and loads numpy only in
its `load`), and a line in `DATASETS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dagspec.data import dsprites
from dagspec.data.source import Batch, Column, DataError, Dataset, Source

__all__ = ["DATASETS", "Batch", "Column", "DataError", "Dataset", "Source"]

DATASETS: Final[Mapping[str, Dataset]] = MappingProxyType(
    {
        "dsprites": dsprites.INDEPENDENT,
        "dsprites_correlated": dsprites.CORRELATED,
    }
)
