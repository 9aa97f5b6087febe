"""Folders of small images to test with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def picture(number: int = 0, size: tuple[int, int] = (20, 24)) -> Image.Image:
    """A colour gradient of `size` (width, height) that depends on the number."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    red = 255 * x / max(size[0] - 1, 1)
    green = 255 * y / max(size[1] - 1, 1)
    blue = np.full_like(red, 37 * number % 256)
    return Image.fromarray(np.stack([red, green, blue], -1).astype(np.uint8))


def fill(folder: Path, count: int, suffix: str = ".png") -> list[str]:
    """Write `count` images 0000.png … and give back their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{number:04}{suffix}" for number in range(count)]
    for number, name in enumerate(names):
        picture(number).save(folder / name)
    return names


def fill_celeba(
    folder: Path,
    count: int = 20,
    attributes: tuple[str, ...] = ("Male", "Young", "Smiling"),
) -> None:
    """The official layout with `count` images; every fifth is for validation."""
    images = folder / "img_align_celeba"
    images.mkdir(parents=True)
    names = [f"{number:06}.jpg" for number in range(1, count + 1)]
    for number, name in enumerate(names):
        picture(number, (178, 218)).save(images / name, quality=90)
    rows = [
        name + "".join(f" {1 if i >> k & 1 else -1:2}" for k in range(len(attributes)))
        for i, name in enumerate(names)
    ]
    text = "\n".join([str(count), " ".join(attributes), *rows, ""])
    (folder / "list_attr_celeba.txt").write_text(text)
    parts = [f"{name} {0 if i % 5 else 1 + i // 5 % 2}" for i, name in enumerate(names)]
    (folder / "list_eval_partition.txt").write_text("\n".join([*parts, ""]))
