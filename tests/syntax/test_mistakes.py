"""Every bad program of tests/golden/syntax has the messages that stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dagspec.diagnostic import Source, render_diagnostic, summary
from dagspec.syntax.parse import parse

PROGRAMS = sorted((Path(__file__).parents[1] / "golden" / "syntax").glob("*.dag"))


def codes(text: str) -> list[str]:
    return [each.code for each in parse(Source("test.dag", text))[1]]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_messages_are_as_reviewed(
    path: Path, golden: Callable[[str, str], None]
) -> None:
    source = Source(path.name, path.read_bytes().decode())
    _, diagnostics = parse(source)
    pages = [render_diagnostic(each) for each in diagnostics]
    golden(
        f"syntax/{path.stem}.err", "\n\n".join([*pages, summary(diagnostics)]) + "\n"
    )
