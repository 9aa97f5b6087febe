"""Examples and labels from a user's own `.npz` file, declared without numpy."""

from __future__ import annotations

from typing import Final

from dagspec.data.source import Dataset, Request, Source, source_path


def _load(request: Request) -> Source:
    from dagspec.data.npz_arrays import open_arrays

    return open_arrays(source_path(request.argument), request.shape)


NPZ: Final = Dataset(
    name="npz",
    text="a file of arrays: `x` or `images`, and an array a column",
    load=_load,
    argument="FILE",
)
