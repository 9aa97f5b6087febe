from __future__ import annotations

from pathlib import Path

import pytest

from dagspec.pictures import Drawing, RenderError, draw, save
from tests.pictures.plans import make_plan

STARTS = {
    "svg": b"<?xml",
    "png": b"\x89PNG\r\n",
    "pdf": b"%PDF-",
    "dot": b'digraph "model" {\n',
    "mmd": b"---\ntitle: ",
}


@pytest.fixture
def drawing() -> Drawing:
    return draw(make_plan(["a"]))


@pytest.mark.parametrize("suffix", [*STARTS, "SVG"])
def test_suffix_chooses_the_format(drawing: Drawing, tmp_path: Path, suffix: str):
    path = save(drawing, tmp_path / f"picture.{suffix}")
    assert path.read_bytes().startswith(STARTS[suffix.lower()])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["picture.gif", "picture", ".svg"])
def test_unknown_suffix_is_an_error(drawing: Drawing, tmp_path: Path, name: str):
    with pytest.raises(RenderError, match=r"end it in \.svg, \.png, .* or \.mmd$"):
        save(drawing, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_missing_folder_is_an_error(drawing: Drawing, tmp_path: Path):
    with pytest.raises(RenderError, match=r"there is no folder .*nowhere$"):
        save(drawing, tmp_path / "nowhere" / "picture.dot")


def test_folder_in_the_way_is_an_error(drawing: Drawing, tmp_path: Path):
    (tmp_path / "picture.dot").mkdir()
    with pytest.raises(RenderError, match=r"cannot write .*picture\.dot: "):
        save(drawing, tmp_path / "picture.dot")
    assert [path.name for path in tmp_path.iterdir()] == ["picture.dot"]


def test_picture_that_fails_leaves_the_old_one(tmp_path: Path):
    path = tmp_path / "picture.svg"
    path.write_text("old")
    with pytest.raises(RenderError):
        save(Drawing("digraph {"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_existing_file_is_not_written_into(drawing: Drawing, tmp_path: Path):
    path, same = tmp_path / "picture.dot", tmp_path / "same.dot"
    path.write_text("old")
    same.hardlink_to(path)
    save(drawing, path)
    assert same.read_text() == "old"


def test_existing_file_is_replaced(drawing: Drawing, tmp_path: Path):
    path = tmp_path / "picture.dot"
    path.write_text("old" * 10_000)
    save(drawing, path)
    assert path.read_text() == drawing.source
