"""SVG whose texts keep their width in whatever type a viewer has."""

from __future__ import annotations

import re
from html import unescape

from dagspec.pictures.measure import is_known, text_width

_TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")
_SIZE = re.compile(r'font-size="([\d.]+)"')


def fix_text_widths(svg: str) -> str:
    """Say how long each text is, so that no other type overflows its box.

    Texts with letters of unknown width are left alone.
    """
    return _TEXT.sub(_fixed, svg)


def _fixed(match: re.Match[str]) -> str:
    attributes, content = match.groups()
    text, size = unescape(content), _SIZE.search(attributes)
    if size is None or not text.strip() or not is_known(text):
        return match.group()
    width = text_width(text, float(size[1]), bold='font-weight="bold"' in attributes)
    length = f'textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {attributes} {length}>{content}</text>"
