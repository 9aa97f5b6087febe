"""A type for Graphviz to set pictures in, on any machine.

Graphviz asks fontconfig for fonts and, where there are none, draws boxes in place of
letters. So it is given a configuration that knows the fonts which come with this
package.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "Liberation Sans"
REGULAR = FOLDER / "LiberationSans-Regular.ttf"
BOLD = FOLDER / "LiberationSans-Bold.ttf"

_TEMPLATE = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
  <match target="pattern">
    <edit name="family" mode="prepend" binding="strong"><string>{family}</string></edit>
  </match>
{caches}
</fontconfig>
"""
_SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts")


def configuration(text: str, cache: Path) -> str:
    """A fontconfig file with which `text` can be set.

    Fonts of the system are looked for only if the text has letters that ours lack,
    since the search can take seconds on a machine with thousands of them.
    """
    folders, caches = [str(FOLDER)], [f"  <cachedir>{escape(str(cache))}</cachedir>"]
    if any(_foreign(letter) for letter in text):
        folders += _SYSTEM
        caches.append('  <cachedir prefix="xdg">fontconfig</cachedir>')
    return _TEMPLATE.format(
        folders="\n".join(f"  <dir>{escape(folder)}</dir>" for folder in folders),
        family=FAMILY,
        caches="\n".join(caches),
    )


def _foreign(letter: str) -> bool:
    """Whether a letter is neither Latin, Greek, Cyrillic, Hebrew nor a common sign."""
    return letter > "\u05ff" and not "\u1e00" <= letter <= "\u25ff"
