"""One image file: decoded, cut and resized to what a model observes.

Only the decoders of the formats named here are used, whatever a file calls itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from dagspec.data.source import DataError

Box = tuple[int, int, int, int]

MODES: Final = {1: "L", 3: "RGB"}
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
_GREY: Final = ("1", "L", "LA", "I", "F")
_WHITE: Final = (255, 255, 255, 255)
_DETAIL = 2  # a JPEG is decoded at no less than so many times the size asked for


@dataclass(frozen=True)
class Fit:
    """How images become arrays of one shape.

    Attributes:
        shape: `(C, H, W)`, with one channel (grey) or three.
        crop: Left, top, right and bottom of the part that is looked at; None for all.
        resize: Whether images of another size are scaled and cut; else they are
            refused.
    """

    shape: tuple[int, int, int]
    crop: Box | None = None
    resize: bool = True

    def read(self, path: Path) -> NDArray[np.uint8]:
        """The image as an array `(C, H, W)` of 0 to 255.

        It is turned as its camera says, and only the first frame counts. The largest
        centred part of the right proportions is scaled to the shape.

        Raises:
            DataError: The file cannot be read, or does not fit.
        """
        channels, height, width = self.shape
        with _one_line_errors(path), Image.open(path, formats=_FORMATS) as image:
            if self.resize and self.crop is None:
                least = _DETAIL * max(height, width)
                image.draft(None, (least, least))
            upright = ImageOps.exif_transpose(image)
            if not self.resize and upright.size != (width, height):
                raise DataError(
                    f"{path}: is {upright.width}x{upright.height} pixels, not "
                    f"{width}x{height} as the first"
                )
            picture = _in_mode(self._part(path, upright), MODES[channels])
            if picture.size != (width, height):
                box = _centred(picture.size, (width, height))
                bilinear = Image.Resampling.BILINEAR
                picture = picture.resize((width, height), bilinear, box)
            pixels = np.asarray(picture)
        return pixels[None] if channels == 1 else pixels.transpose(2, 0, 1)

    def _part(self, path: Path, image: Image.Image) -> Image.Image:
        if self.crop is None:
            return image
        left, top, right, bottom = self.crop
        if right > image.width or bottom > image.height:
            raise DataError(
                f"{path}: is {image.width}x{image.height} pixels, too small to be cut "
                f"from {left}, {top} to {right}, {bottom}"
            )
        return image.crop(self.crop)


def shape_of(path: Path) -> tuple[int, int, int]:
    """Shape `(C, H, W)` of an image as it is.

    Raises:
        DataError: The file cannot be read.
    """
    with _one_line_errors(path), Image.open(path, formats=_FORMATS) as image:
        grey = image.mode.partition(";")[0] in _GREY
        upright = ImageOps.exif_transpose(image)
        return (1 if grey else 3, upright.height, upright.width)


@contextmanager
def _one_line_errors(path: Path) -> Generator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except DataError:
            raise
        except Exception as error:  # decoders fail in many ways on a damaged file
            raise DataError(f"{path}: {_reason(error, path)}") from error


def _reason(error: Exception, path: Path) -> str:
    if isinstance(error, UnidentifiedImageError):
        empty = path.stat().st_size == 0
        return "the file is empty" if empty else "not an image that can be read"
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return f"more than {Image.MAX_IMAGE_PIXELS} pixels"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"damaged ({' '.join(str(error).split()) or type(error).__name__})"


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """In grey or colour; what is transparent is white, sixteen bits become eight."""
    if image.mode.startswith("I"):
        high = np.asarray(image).astype(np.int64) >> 8
        image = Image.fromarray(high.clip(0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image)
    return image if image.mode == mode else image.convert(mode)


def _centred(
    size: tuple[int, int], target: tuple[int, int]
) -> tuple[float, float, float, float]:
    """The largest centred box of the target's proportions, never an ulp outside."""
    wide, high = size
    if wide * target[1] < high * target[0]:
        width, height = float(wide), wide * target[1] / target[0]
    else:
        width, height = high * target[0] / target[1], float(high)
    left, top = (wide - width) / 2, (high - height) / 2
    return (left, top, wide - left, high - top)
