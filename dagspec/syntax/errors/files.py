"""E001 to E006: a file that cannot be read."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

FILES = (
    Explanation(
        "E001",
        "error",
        "a file that does not exist",
        """\
There is no file of this name. If a `.dag` file with a similar name lies in the same
folder, the message names it.
""",
        "dagspec check specs/dsprite.dag\n",
        "dagspec check specs/dsprites.dag\n",
    ),
    Explanation(
        "E002",
        "error",
        "a directory in place of a file",
        """\
One file declares one model. To check a whole folder, let the shell list its files.
""",
        "dagspec check specs/\n",
        "dagspec check specs/*.dag\n",
    ),
    Explanation(
        "E003",
        "error",
        "a file that cannot be read or written",
        """\
The operating system refused to open, to read or to replace the file; the message says
why. Most often the permission is missing.
""",
        "chmod a-r model.dag; dagspec check model.dag\n",
        "chmod u+r model.dag; dagspec check model.dag\n",
    ),
    Explanation(
        "E004",
        "error",
        "a file that is not UTF-8",
        """\
A `.dag` file is UTF-8 text, with or without a byte order mark. Names are ASCII, but
strings and comments may hold any letter. The usual cause is an editor that saved the
file in Latin-1 or in UTF-16.
""",
        "iconv -t latin1 model.dag > other.dag; dagspec check other.dag\n",
        "iconv -f latin1 -t utf-8 other.dag > model.dag; dagspec check model.dag\n",
    ),
    Explanation(
        "E005",
        "error",
        "a file with a NUL byte",
        """\
A NUL byte shows that the file is no text: an archive, an image, or a file that was cut
off when a disk was full.
""",
        "dagspec check runs/model.pt\n",
        "dagspec check specs/model.dag\n",
    ),
    Explanation(
        "E006",
        "error",
        "a file that is too large",
        """\
Files over 10 MB are refused before they are read. A thousand latents with three edges
each take about 100 kB.
""",
        "dagspec check dsprites.npz\n",
        "dagspec check specs/dsprites.dag\n",
    ),
)
