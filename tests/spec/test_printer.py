"""The canonical text of a spec reads as the same spec."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from dagspec.diagnostic import Source
from dagspec.spec import Spec, read, write_spec
from tests.spec.strategies import specs

WORKED = sorted((Path(__file__).parents[2] / "specs").glob("*.dag"))


@settings(max_examples=150)
@given(specs())
def test_reads_as_the_same_spec(spec: Spec) -> None:
    reading = read(Source("written.dag", write_spec(spec)))
    assert reading.spec == spec, reading.diagnostics


@given(specs())
def test_is_ascii_and_ends_with_a_line(spec: Spec) -> None:
    text = write_spec(spec)
    assert text.isascii()
    assert text.endswith("\n")


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_worked_specs_are_clean_and_survive(path: Path) -> None:
    reading = read(Source(path.name, path.read_text(encoding="utf-8")))
    assert reading.diagnostics == ()
    assert reading.spec is not None
    assert read(Source("written.dag", write_spec(reading.spec))).spec == reading.spec


def test_wraps_a_long_edge_where_a_line_may_end() -> None:
    names = [f"a_rather_long_name_{number}" for number in range(20)]
    text = (
        "model m\nobserve x: normal[1, 64, 64]\n"
        f"latent {', '.join(names)}: normal[1]\n"
        f"{', '.join(names[:10])} -> {', '.join(names[10:])}\n"
    )
    spec = read(Source("long.dag", text)).spec
    assert spec is not None
    written = write_spec(spec)
    assert max(map(len, written.splitlines())) <= 88
    assert read(Source("written.dag", written)).spec == spec
