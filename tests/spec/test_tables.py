"""docs/language.md and docs/errors.md say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagspec.spec.tables import errors_page, language_page, main

DOCS = Path(__file__).parents[2] / "docs"
HOW = "run `python -m dagspec.spec.tables docs`"


def test_the_tables_of_the_language_page_are_up_to_date() -> None:
    text = (DOCS / "language.md").read_text(encoding="utf-8")
    assert language_page(text) == text, HOW


def test_the_errors_page_is_up_to_date() -> None:
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == errors_page(), HOW


def test_old_tables_are_replaced_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = (DOCS / "language.md").read_text(encoding="utf-8")
    page = tmp_path / "language.md"
    page.write_text(text.replace("| `beta` |", "| `alpha` |"), encoding="utf-8")
    main(tmp_path)
    assert page.read_text(encoding="utf-8") == text
    assert {path.name for path in tmp_path.iterdir()} == {"language.md", "errors.md"}


def test_a_table_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 places for the table `observe`"):
        language_page("")
