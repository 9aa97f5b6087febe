from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import graphviz
import pytest
from PIL import Image

from dagspec.pictures import Drawing, RenderError, draw
from dagspec.pictures.engine import run_graphviz
from tests.pictures.plans import DSPRITES, make_plan

STARTS = {"svg": b"<?xml", "png": b"\x89PNG\r\n", "pdf": b"%PDF-"}


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def drawing() -> Drawing:
    return draw(DSPRITES)


def test_drawing_is_a_graphviz_source(drawing: Drawing):
    assert isinstance(drawing, graphviz.Source)


@pytest.mark.usefixtures("no_programs")
@pytest.mark.parametrize("format", STARTS)
@pytest.mark.parametrize("view", ["concept", "architecture"])
def test_pictures_need_no_program(view: str, format: str):
    picture = draw(DSPRITES, view).pipe(format=format)
    assert picture.startswith(STARTS[format])


@pytest.mark.usefixtures("no_programs")
def test_pipe_gives_text_when_asked_for_an_encoding(drawing: Drawing):
    svg = drawing.pipe(format="svg", encoding="utf-8")
    assert svg.startswith("<?xml")
    assert svg.encode() == drawing.pipe(format="svg")


@pytest.mark.usefixtures("no_programs")
def test_notebook_shows_svg(drawing: Drawing):
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml"]
    assert ">orientation</text>" in str(bundle["image/svg+xml"])


@pytest.mark.usefixtures("no_programs")
def test_render_writes_source_and_picture(drawing: Drawing, tmp_path: Path):
    written = drawing.render(filename="model.gv", directory=tmp_path, format="png")
    assert Path(written) == tmp_path / "model.gv.png"
    assert Path(written).read_bytes().startswith(STARTS["png"])
    assert (tmp_path / "model.gv").read_text() == drawing.source


@pytest.mark.usefixtures("no_programs")
def test_render_takes_the_format_from_the_file(drawing: Drawing, tmp_path: Path):
    written = drawing.render(outfile=tmp_path / "model.pdf", cleanup=True)
    assert Path(written).read_bytes().startswith(STARTS["pdf"])
    assert [path.name for path in tmp_path.iterdir()] == ["model.pdf"]


def test_option_without_effect_is_refused(drawing: Drawing):
    with pytest.raises(RenderError, match="option 'renderer'"):
        drawing.pipe(format="png", renderer="cairo")


def test_copy_keeps_everything(drawing: Drawing):
    twin = drawing.copy()
    assert (twin.source, twin.mermaid) == (drawing.source, drawing.mermaid)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_program_is_used_if_there_is_one(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "dot"
    program.write_text('#!/bin/sh\necho "$@"\n/bin/cat\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    arguments, _, source = drawing.pipe(format="png").decode().partition("\n")
    assert arguments == "-Kdot -Tpng -Gdpi=192"
    assert source == drawing.source


@pytest.mark.usefixtures("no_programs")
def test_malformed_label_is_an_error():
    with pytest.raises(RenderError, match="Graphviz could not draw"):
        run_graphviz("digraph { a [label=<<b>x</i>>] }", "svg")


@pytest.mark.usefixtures("no_programs")
def test_malformed_text_is_an_error_of_one_line():
    with pytest.raises(RenderError) as caught:
        run_graphviz("digraph {", "svg")
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("no_programs")
def test_fonts_are_our_own(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usual = drawing.pipe(format="png")
    nothing = tmp_path / "fonts.conf"
    nothing.write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(nothing))
    assert drawing.pipe(format="png") == usual


@pytest.mark.usefixtures("no_programs")
def test_letters_are_letters():
    # Where there is no font, every letter is a box, and all boxes are equally wide.
    look = "shape=plain, fontname=Arial, fontsize=40"
    narrow, wide = (
        picture_width(f'digraph {{ a [{look}, label="{letter * 8}"] }}')
        for letter in "iW"
    )
    assert wide / narrow > 3


@pytest.mark.usefixtures("no_programs")
def test_letters_of_other_scripts_can_be_drawn():
    plan = make_plan(["a"], description="中文 ไทย")
    assert draw(plan).pipe(format="png").startswith(STARTS["png"])


def picture_width(source: str) -> int:
    return Image.open(BytesIO(run_graphviz(source, "png"))).width
