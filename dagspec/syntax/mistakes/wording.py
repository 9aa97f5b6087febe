"""How names and characters are shown in a message."""

from __future__ import annotations

import re
import unicodedata


def legal_name(text: str) -> str:
    """The name that is most like any text."""
    name = re.sub("[^A-Za-z0-9_]", "_", text)
    return name if re.match("[A-Za-z_]", name) else f"_{name}"


def named(mark: str) -> str:
    """A character, with its name if it is none of ASCII."""
    if mark.isascii() and mark.isprintable():
        return f"`{mark}`"
    shown = f"`{mark}` " if mark.isprintable() else ""
    return f"{shown}({unicodedata.name(mark, 'no name')}, U+{ord(mark):04X})"
