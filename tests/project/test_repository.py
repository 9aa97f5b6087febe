"""The repository is the same for everyone: no file knows one machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written so that none of these patterns matches this file.
FORBIDDEN = {
    "a home folder": r"(?<![\w.])/(?:home/\w|Users/\w|roo[t]/)|\b[A-Z]:\\+User[s]",
    "the place of this checkout": rf"(?<![\w/]){re.escape(str(ROOT))}(?![\w-])",
    "where to get packages": r"--(?:extra-)?index-ur[l]|--find-link[s]|/simple[/]",
}


def texts() -> dict[Path, str]:
    """What git tracks or would track, as far as it is text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    found: dict[Path, str] = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data:
            found[path] = data.decode(errors="replace")
    return found


@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None,
    reason="only git knows which files belong to the repository",
)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found
