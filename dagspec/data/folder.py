"""Any folder of images, declared without numpy."""

from __future__ import annotations

from functools import partial
from typing import Final

from dagspec.data.source import Dataset, Request, Source, source_path

LABELS: Final = "labels.csv"


def _load(request: Request) -> Source:
    from dagspec.data import celeba_lists
    from dagspec.data.image_files import open_images
    from dagspec.data.labels_csv import read_labels

    folder = source_path(request.argument)
    lists = [
        partial(read_labels, path) for path in (folder / LABELS,) if path.is_file()
    ]
    for name, read in (
        (celeba_lists.ATTRIBUTES, celeba_lists.read_attributes),
        (celeba_lists.PARTITION, celeba_lists.read_partition),
    ):
        found = [
            path for path in (folder / name, folder / ".." / name) if path.is_file()
        ]
        lists += [partial(read, path) for path in found[:1]]
    return open_images(folder, request, lists)


FOLDER: Final = Dataset(
    name="folder",
    text="a folder of images, with labels.csv or CelebA's lists if they are there",
    load=_load,
    argument="DIR",
)
