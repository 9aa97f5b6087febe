"""Every code is explained, and every explanation tells the truth."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import dagspec.spec
from dagspec.diagnostic import Diagnostic, Explanation, Source
from dagspec.spec import read
from dagspec.spec.errors import EXAMPLE_LIMITS, EXPLANATIONS, all_explanations
from tests.spec.reading import found_in

ROOM = Path(dagspec.spec.__file__).parents[1]


def code_of(explanation: Explanation) -> str:
    return explanation.code


def found_by(example: str, code: str) -> tuple[Diagnostic, ...]:
    """What is found in a file, or in the file of a command that overrides it."""
    words = shlex.split(example)
    if "--set" not in words:
        return found_in(example, EXAMPLE_LIMITS.get(code))
    path = next(word for word in words if word.endswith(".dag"))
    text = (ROOM.parent / path).read_text(encoding="utf-8")
    overrides = [words[i + 1] for i, word in enumerate(words) if word == "--set"]
    return read(Source(path, text), overrides=overrides).diagnostics


@pytest.mark.parametrize("explanation", EXPLANATIONS, ids=code_of)
def test_the_wrong_example_is_wrong_in_this_way_only(explanation: Explanation) -> None:
    found = found_by(explanation.wrong, explanation.code)
    assert {each.code for each in found} == {explanation.code}
    assert {each.severity for each in found} == {explanation.severity}


@pytest.mark.parametrize("explanation", EXPLANATIONS, ids=code_of)
def test_the_mended_example_is_clean(explanation: Explanation) -> None:
    assert found_by(explanation.mended, explanation.code) == ()


def test_every_code_in_use_is_explained_and_no_other() -> None:
    sources = [
        path
        for room in ("spec", "syntax", "data")
        for path in (ROOM / room).rglob("*.py")
        if "errors" not in str(path.relative_to(ROOM))
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert set(re.findall(r'"([EW]\d{3})"', text)) == all_explanations().keys()


def test_codes_are_listed_in_order() -> None:
    assert list(all_explanations()) == sorted(all_explanations())
