"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place, then move it there in one step.

    A file that is replaced keeps its mode, and a link still leads to it. What is not an
    ordinary file (`/dev/null`, a pipe) is written to and stays what it is.

    Args:
        path: Where it goes; its folder has to be there.
        data: All that will be in it.

    Raises:
        OSError: It cannot be written; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            partial.chmod(target.stat().st_mode)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
