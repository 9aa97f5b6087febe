"""The long form of every syntax error, and its examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dagspec.diagnostic import Source
from dagspec.syntax.errors import EXPLANATIONS
from dagspec.syntax.parse import parse

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    code: each
    for code, each in EXPLANATIONS.items()
    if not each.wrong.startswith(("dagspec ", "chmod ", "iconv "))
}


@pytest.mark.parametrize("code", PROGRAMS)
def test_a_wrong_example_has_this_error_and_no_other(code: str) -> None:
    _, diagnostics = parse(Source("wrong.dag", PROGRAMS[code].wrong))
    assert [each.code for each in diagnostics] == [code]


@pytest.mark.parametrize("code", PROGRAMS)
def test_a_mended_example_has_none(code: str) -> None:
    assert parse(Source("mended.dag", PROGRAMS[code].mended))[1] == ()


def test_every_code_is_explained_and_used() -> None:
    files = (ROOT / "dagspec" / "syntax").rglob("*.py")
    written = [
        path.read_text("utf-8") for path in files if path.parent.name != "errors"
    ]
    used = set(re.findall(r'"(E[01]\d\d)"', "".join(written)))
    assert used == set(EXPLANATIONS)


def test_every_code_has_a_bad_program() -> None:
    pages = (ROOT / "tests" / "golden" / "syntax").glob("*.err")
    shown = "".join(path.read_text("utf-8") for path in pages)
    seen = set(re.findall(r"^error\[(E\d\d\d)\]", shown, re.MULTILINE))
    assert {code for code in EXPLANATIONS if code[1] == "1"} - {"E130"} == seen
