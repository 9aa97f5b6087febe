"""Every link between the pages of the repository leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

CODE = re.compile(r"^ *(`{3,}).*?^ *\1 *$|(`+)[^`\n]+\2", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: *(\S+)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


def links() -> Iterator[tuple[Path, int, str]]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        # Code keeps its lines, so that the numbers stay right, and loses its text.
        prose = CODE.sub(lambda match: "\n" * match[0].count("\n"), text)
        for number, line in enumerate(prose.splitlines(), 1):
            for groups in LINK.findall(line):
                target = "".join(groups)
                if not ELSEWHERE.match(target):
                    yield page, number, target


def anchors(page: Path) -> set[str]:
    """The fragments that a page answers to, as hosts of Markdown make them."""
    text = re.sub(r"^ *(`{3,}).*?^ *\1 *$", "", page.read_text(), flags=re.M | re.S)
    seen: dict[str, int] = {}
    found = set(re.findall(r"(?:id|name)=\"([^\"]+)\"", text))
    for heading in HEADING.findall(text):
        shown = re.sub(r"\]\([^)]*\)", "", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        count = seen[slug] = seen.get(slug, -1) + 1
        found.add(f"{slug}-{count}" if count else slug)
    return found


def place(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)


@pytest.mark.parametrize(("page", "line", "target"), list(links()), ids=place)
def test_link_leads_somewhere(page: Path, line: int, target: str) -> None:
    path, _, fragment = target.partition("#")
    goal = (page.parent / path).resolve() if path else page
    assert goal.is_relative_to(ROOT), f"{target} leaves the repository"
    assert goal.exists(), f"there is no {goal.relative_to(ROOT)}"
    if fragment:
        assert goal.suffix == ".md", "only a page has headings"
        assert fragment in anchors(goal)
