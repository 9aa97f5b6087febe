"""What studies share: each run is trained once, and figures are put into a page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import process_time

import torch

from dagspec.atomic import write_whole
from dagspec.diagnostic import DagSpecError, Source
from dagspec.spec import Spec, read
from dagspec.train import Settings, train

HERE = Path(__file__).parent
SECONDS = "processor_seconds.txt"


def read_spec(path: Path, overrides: Sequence[str] = ()) -> Spec:
    """The spec of a file, with options set beside it."""
    reading = read(Source(str(path), path.read_text()), overrides=overrides)
    if reading.spec is None:
        raise DagSpecError(reading.diagnostics)
    return reading.spec


def trained(spec: Spec, out: Path) -> Path:
    """The folder of a finished run; it is trained first, or goes on, if it is not."""
    fresh, start = not out.exists(), process_time()
    outcome = train(spec, Settings(out, continue_training=True, quiet=True))
    if outcome.code:
        raise SystemExit(f"{out}: {outcome.state}, {outcome.reason}")
    if fresh:
        (out / SECONDS).write_text(f"{process_time() - start:.1f}\n")
    return out


def seconds_of(run: Path) -> float:
    """Seconds of processor time that a run took; not a number if it was cut off."""
    file = run / SECONDS
    return float(file.read_text()) if file.exists() else float("nan")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Figures of several seeds, in the order of the seeds."""
    return ", ".join(f"{value:.{digits}f}" for value in values)


def fill(page: Path, **parts: str) -> None:
    """Put each text between `<!-- NAME -->` and `<!-- end -->` of a page."""
    text = page.read_text()
    for name, part in parts.items():
        opening, closing = re.escape(f"<!-- {name} -->"), re.escape("<!-- end -->")
        pattern = re.compile(f"({opening}\n).*?({closing})", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"{page} has no place for `{name}`")
        text = pattern.sub(
            lambda match, part=part: f"{match[1]}\n{part}\n\n{match[2]}", text
        )
    write_whole(page, text.encode())


def machine() -> str:
    """What the figures were made on."""
    return f"{os.cpu_count()} shared cores, torch {torch.__version__}"
