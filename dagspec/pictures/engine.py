"""Pictures from DOT text: by the `dot` program if there is one, else by pygraphviz.

pygraphviz brings Graphviz along as a library. It runs in a process of its own, so that
a picture can neither end nor slow down the program that asks for it, and so that the
fonts can be chosen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dagspec.pictures.fontconfig import configuration

PNG_DPI = 192

_LIBRARY = Path(__file__).with_name("library.py")


class RenderError(Exception):
    """A picture could not be made or written; the message is one line."""


def run_graphviz(source: str, format: str, engine: str = "dot") -> bytes:
    """Lay out DOT text and draw it.

    Args:
        source: The DOT text.
        format: What Graphviz calls it, such as `svg`, `png` or `pdf`.
        engine: Layout; a `layout` attribute in the text takes precedence.

    Returns:
        The picture's bytes.

    Raises:
        RenderError: Graphviz can't be run, or found something wrong.
    """
    dpi = str(PNG_DPI) if format == "png" else ""
    program = shutil.which("dot")
    if program:
        command = [program, f"-K{engine}", f"-T{format}"]
        command += [f"-Gdpi={dpi}"] if dpi else []
    else:
        command = [sys.executable, "-P", str(_LIBRARY), format, engine, dpi]
    with tempfile.TemporaryDirectory(prefix="dagspec-") as folder:
        fonts = Path(folder, "fonts.conf")
        fonts.write_text(configuration(source, Path(folder, "cache")), "utf-8")
        done = subprocess.run(
            command,
            input=source.encode(),
            capture_output=True,
            check=False,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
    said = done.stderr.decode(errors="replace").strip().splitlines()
    faults = [line for line in said if "error" in line.lower()]
    if done.returncode or faults:
        fault = (faults or said or [f"exit code {done.returncode}"])[-1]
        raise RenderError(f"Graphviz could not draw the picture: {fault}")
    return done.stdout
