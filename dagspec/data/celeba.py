"""CelebA, aligned and cropped (Liu et al. 2015, arXiv 1411.7766), without numpy."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from dagspec.data.source import DataError, Dataset, Request, Source, source_path

IMAGES: Final = "img_align_celeba"
SHAPE: Final = (3, 64, 64)
# The 148x148 pixels of Larsen et al. 2016 (arXiv 1512.09300), as many use them since.
CROP: Final = (15, 40, 178 - 15, 218 - 30)


def _load(request: Request) -> Source:
    from dagspec.data import celeba_lists
    from dagspec.data.image_files import open_images

    folder = source_path(request.argument)
    images = _find(folder, "Img", IMAGES)
    attributes = _find(folder, "Anno", celeba_lists.ATTRIBUTES)
    partition = _find(folder, "Eval", celeba_lists.PARTITION)
    lists = (
        partial(celeba_lists.read_attributes, attributes),
        partial(celeba_lists.read_partition, partition),
    )
    fitted = replace(request, shape=request.shape or SHAPE)
    return open_images(images, fitted, lists, CROP)


def _find(folder: Path, below: str, name: str) -> Path:
    """In the folder itself, or in that of the official download."""
    for path in (folder / name, folder / below / name):
        if path.exists():
            return path
    raise DataError(f"{folder}: there is no {name} in it")


CELEBA: Final = Dataset(
    name="celeba",
    text="CelebA: 202,599 faces, its 40 attributes as class(2), its own split",
    load=_load,
    argument="DIR",
)
