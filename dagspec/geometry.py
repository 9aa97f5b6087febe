"""Shapes of the feature stages: numbers in, numbers out.

Every stage of an image halves its height and width, odd sizes rounded up; a vector has
no size to halve, so only its width changes.
"""

from __future__ import annotations

from math import ceil, prod

Shape = tuple[int, ...]

IMAGE_WIDTHS = (32, 32, 64, 64)
VECTOR_WIDTHS = (128, 128, 64, 64)


def is_image(shape: Shape) -> bool:
    """Whether an observed shape is `(C, H, W)` rather than `(D,)`."""
    return len(shape) == 3


def stage_shapes(observed: Shape, widths: tuple[int, ...]) -> tuple[Shape, ...]:
    """Shape of every stage, the one nearest the observed node first.

    Args:
        observed: `(C, H, W)` of an image or `(D,)` of a vector.
        widths: Channels (an image) or units (a vector) of each stage.

    Returns:
        A shape of the same rank for each width.
    """
    if not is_image(observed):
        return tuple((width,) for width in widths)
    shapes: list[Shape] = []
    height, width = observed[1:]
    for channels in widths:
        height, width = ceil(height / 2), ceil(width / 2)
        shapes.append((channels, height, width))
    return tuple(shapes)


def size(shape: Shape) -> int:
    """Numbers in a tensor of this shape."""
    return prod(shape)


def deepest_useful_stage(observed: Shape) -> int | None:
    """Number of the first stage with H = W = 1; None for a vector, which has none."""
    if not is_image(observed):
        return None
    return max((max(observed[1:]) - 1).bit_length(), 1)


def default_widths(observed: Shape) -> tuple[int, ...]:
    """Widths where a spec names none.

    The longest prefix of the standard widths that ends no later than H = W = 1, each
    capped so that the total C·H·W never grows from one stage to the next.
    """
    if not is_image(observed):
        return VECTOR_WIDTHS
    widths: list[int] = []
    previous: int | None = None
    for shape in stage_shapes(observed, IMAGE_WIDTHS[: deepest_useful_stage(observed)]):
        pixels = shape[1] * shape[2]
        width = shape[0] if previous is None else min(shape[0], previous // pixels)
        widths.append(width)
        previous = width * pixels
    return tuple(widths)
