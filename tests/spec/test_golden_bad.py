"""Small wrong programs, each beside what is said about it, word by word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dagspec.diagnostic import Source, render_diagnostic, summary
from dagspec.spec import read

FOLDER = Path(__file__).parents[1] / "golden" / "bad"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.dag"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_says_what_is_wrong(name: str, golden: Callable[[str, str], None]) -> None:
    text = (FOLDER / f"{name}.dag").read_text(encoding="utf-8")
    found = read(Source(f"{name}.dag", text)).diagnostics
    shown = [render_diagnostic(each) + "\n\n" for each in found]
    golden(f"bad/{name}.err", "".join(shown) + summary(found) + "\n")
