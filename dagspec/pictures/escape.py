"""Text of a spec made harmless: names and descriptions are data in every picture."""

from __future__ import annotations

import html
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST_TOOLTIP = 400


def printable(text: str) -> str:
    """The text on one line, with what neither XML nor UTF-8 can hold replaced."""
    return "".join(
        REPLACEMENT if _unprintable(letter) else letter
        for letter in " ".join(text.split())
    )


def shorten(text: str, limit: int) -> str:
    """The text on one line, cut to `limit` letters, an ellipsis included."""
    line = printable(text)
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def xml(text: str) -> str:
    r"""Character data of an HTML-like label, in which Graphviz would replace `\N`."""
    return html.escape(printable(text)).replace("\\", "\\" * 2)


def dot_id(text: str) -> str:
    """A quoted DOT string that is used as it stands, such as a node's name.

    Different texts give different strings: in DOT, only a quote is unescaped.
    """
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def dot_tooltip(text: str) -> str:
    r"""A quoted DOT string that shows the text, `\N`, `\n` and `&lt;` left as they are.

    Graphviz substitutes escapes in tooltips twice, so a backslash is written four
    times.
    """
    escaped = (
        shorten(text, LONGEST_TOOLTIP).replace("&", "&amp;").replace("\\", "\\" * 4)
    )
    return '"' + escaped.replace('"', '\\"') + '"'


def mermaid(text: str) -> str:
    """The inside of a quoted Mermaid label; what Mermaid could read is an entity."""
    return "".join(
        letter if letter.isalnum() or letter in " _-.,:()[]=|·×" else f"#{ord(letter)};"
        for letter in printable(text)
    )


def _unprintable(letter: str) -> bool:
    return (
        unicodedata.category(letter) in {"Cc", "Cs"} or ord(letter) & 0xFFFE == 0xFFFE
    )
