"""Examples with known factors, one file a data set.

To add one: a file beside this that declares a `Dataset` (and loads numpy only in
its `load`), and a line in `DATASETS`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dagspec.data import (
    celeba,
    digits,
    dsprites,
    folder,
    npz_file,
    pendulum,
    process,
    toydata,
    waterflow,
)
from dagspec.data.source import (
    Batch,
    Broken,
    Column,
    DataError,
    Dataset,
    Request,
    Scale,
    Source,
    Split,
)
from dagspec.diagnostic import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from dagspec.spec import Spec

__all__ = [
    "DATASETS",
    "Batch",
    "Column",
    "DataError",
    "Dataset",
    "Request",
    "Scale",
    "Source",
    "Split",
    "open_data",
    "open_source",
]

DATASETS: Final[Mapping[str, Dataset]] = MappingProxyType(
    {
        "dsprites": dsprites.INDEPENDENT,
        "dsprites_correlated": dsprites.CORRELATED,
        "toydata": toydata.TOYDATA,
        "pendulum": pendulum.PENDULUM,
        "waterflow": waterflow.WATERFLOW,
        "digits": digits.DIGITS,
        "process": process.PROCESS,
        "npz": npz_file.NPZ,
        "folder": folder.FOLDER,
        "celeba": celeba.CELEBA,
    }
)


_BARE: Final = Request()


def open_source(text: str, request: Request = _BARE) -> Source:
    """Open what `--data` or `training { data = … }` names.

    Args:
        text: `dsprites`, `dsprites_correlated:0.5`, `folder:DIR` …
        request: What else is asked of it; its argument is taken from `text`.

    Raises:
        DataError: There is no such data set, something that it needs is missing or
            too much, or it cannot be loaded.
    """
    name, _, argument = text.partition(":")
    dataset = DATASETS.get(name)
    if dataset is None:
        raise DataError(_unknown(name, text))
    if argument and dataset.argument is None:
        raise DataError(f"nothing may follow the name of `{name}`, but `{text}` does")
    needed = dataset.argument
    if needed is not None and not needed.startswith("[") and not argument:
        raise DataError(f"`{name}` needs its {needed}: write `{name}:{needed}`")
    if request.data_dir is not None and not dataset.official:
        raise DataError(f"`{name}` reads nothing from --data-dir: leave it out")
    return dataset.load(replace(request, argument=argument or None))


def open_data(
    spec: Spec, text: str, data_dir: Path | None = None, broken: Broken = "fail"
) -> Source:
    """Open a data set for a model: fitted to what it observes, its process known.

    Args:
        spec: The model's.
        text: What names the data set, as in `open_source`.
        data_dir: Folder with official files.
        broken: What to do about an example that cannot be read.

    Raises:
        DataError: See `open_source`.
    """
    request = Request(
        shape=spec.observed.shape,
        data_dir=None if data_dir is None else str(data_dir),
        broken=broken,
        process=spec.process,
    )
    return open_source(text, request)


def _unknown(name: str, text: str) -> str:
    if os.path.isdir(text):
        return f"there is no data set `{name}`; did you mean `folder:{text}`?"
    if text.endswith(".npz"):
        return f"there is no data set `{name}`; did you mean `npz:{text}`?"
    meant = nearest(name, DATASETS)
    if meant is not None:
        return f"there is no data set `{name}`; did you mean `{meant}`?"
    known = ", ".join(f"`{each}`" for each in DATASETS)
    return f"there is no data set `{name}`; there are {known}"
