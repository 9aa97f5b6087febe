"""What can be wrong with a run's files."""

from __future__ import annotations

from pathlib import Path

from dagspec.atomic import write_whole


class RunError(ValueError):
    """A run's file is missing, damaged, foreign or cannot be written; one line."""


def unwritable(path: Path, error: OSError) -> RunError:
    """What to say of a file or folder that cannot be written."""
    return RunError(f"cannot write {path}: {error.strerror or error}")


def unreadable(path: Path, error: OSError) -> RunError:
    """What to say of a file that cannot be read."""
    return RunError(f"cannot read {path}: {error.strerror or error}")


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        RunError: It cannot be written; what was there before is untouched.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise unwritable(path, error) from error


def read_file(path: Path) -> str:
    """The text of a file.

    Raises:
        RunError: It cannot be read, or holds no text.
    """
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise RunError(f"{path} is damaged: it is not UTF-8") from error
