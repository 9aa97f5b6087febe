"""Pictures and folders on disk, and one clear line where that fails."""

from __future__ import annotations

from pathlib import Path

from dagspec.atomic import write_whole
from dagspec.pictures.engine import RenderError


def make_folder(path: Path) -> None:
    """Make a folder if it is not there.

    Raises:
        RenderError: It cannot be made; the message says why.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RenderError(f"cannot make folder {path}: {error.strerror}") from error


def write_picture(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        RenderError: It cannot be written; the message says why.
    """
    if not path.parent.is_dir():
        raise RenderError(f"cannot write {path}: there is no folder {path.parent}")
    try:
        write_whole(path, data)
    except OSError as error:
        raise RenderError(f"cannot write {path}: {error.strerror}") from error
