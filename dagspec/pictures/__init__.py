"""Pictures of models, as values that show themselves and as files."""

from __future__ import annotations

from dagspec.pictures.draw import VIEWS, draw
from dagspec.pictures.drawing import Drawing
from dagspec.pictures.engine import RenderError
from dagspec.pictures.files import make_folder, write_picture
from dagspec.pictures.saving import FORMATS, picture_bytes, save
from dagspec.plan import lower
from dagspec.spec import Spec

__all__ = [
    "FORMATS",
    "VIEWS",
    "Drawing",
    "RenderError",
    "draw",
    "make_folder",
    "picture_bytes",
    "render",
    "save",
    "write_picture",
]


def render(spec: Spec, view: str = "concept") -> Drawing:
    """A picture of a spec; see `draw`."""
    return draw(lower(spec), view)
