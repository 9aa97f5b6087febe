"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

PARTIAL = ".*.partial"


def write_whole(path: Path, data: bytes | Iterable[bytes | memoryview]) -> None:
    """Write a file beside its place, then move it there in one step.

    A file that is replaced keeps its mode, and a link still leads to it. What is not an
    ordinary file (`/dev/null`, a pipe) is written to and stays what it is. When this
    returns, the file outlasts a power cut. A process that is killed meanwhile leaves a
    file behind whose name matches `PARTIAL`.

    Args:
        path: Where it goes; its folder has to be there.
        data: All that will be in it, in one piece or in several.

    Raises:
        OSError: It cannot be written; what was there before is untouched. Or it was
            written, but its folder cannot be flushed; then the new file is in its
            place, and a power cut may still bring back the old one.
    """
    pieces = (data,) if isinstance(data, bytes) else data
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.writelines(pieces)
        return
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            partial.chmod(target.stat().st_mode)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder outlast a power cut, where its file system can.

    Raises:
        OSError: The disk failed.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
