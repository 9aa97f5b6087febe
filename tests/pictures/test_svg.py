from __future__ import annotations

import re

import pytest
from PIL import ImageFont

from dagspec.pictures import VIEWS, draw
from dagspec.pictures.fontconfig import BOLD, REGULAR
from dagspec.pictures.measure import is_known, text_width
from dagspec.pictures.svg import fix_text_widths
from tests.pictures.plans import DSPRITES

LETTERS = "".join(map(chr, range(32, 127))) + "\xa0·×—…→■□○"


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_our_fonts(bold: bool):
    font = ImageFont.truetype(
        str(BOLD if bold else REGULAR), 1000, layout_engine=ImageFont.Layout.BASIC
    )
    for letter in LETTERS:
        assert is_known(letter)
        real = font.getlength(letter)
        assert text_width(letter, 1000, bold=bold) == pytest.approx(real, abs=1.5)


@pytest.mark.parametrize("view", VIEWS)
def test_every_text_says_how_long_it_is(view: str):
    svg = draw(DSPRITES, view).pipe(format="svg", encoding="utf-8")
    texts = re.findall(r"<text [^>]*>", svg)
    assert texts
    assert all("textLength=" in text for text in texts)


def test_bold_text_is_longer():
    plain = '<text font-size="10.00">scale</text>'
    bold = '<text font-weight="bold" font-size="10.00">scale</text>'
    lengths = re.findall(r'textLength="(.*?)"', fix_text_widths(plain + bold))
    assert lengths == ["23.3", "25.0"]


def test_entities_count_as_one_letter():
    fixed = fix_text_widths('<text font-size="10.00">&lt;&#45;</text>')
    assert 'textLength="9.2"' in fixed


@pytest.mark.parametrize("content", ["中文", "   ", ""])
def test_text_of_unknown_width_is_left_alone(content: str):
    text = f'<text font-size="10.00">{content}</text>'
    assert fix_text_widths(text) == text
