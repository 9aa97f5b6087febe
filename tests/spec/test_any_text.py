"""Any text gets diagnostics, each once, and never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dagspec.diagnostic import Source
from dagspec.spec import read

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("specs/*.dag"), *ROOT.glob("tests/golden/bad/*.dag")])
PIECE = re.compile(r'"[^"\n]*"|\w+|\s+|[^\w\s]')
TEXTS = [PIECE.findall(path.read_text(encoding="utf-8")) for path in FILES]
PIECES = sorted({piece for text in TEXTS for piece in text})
ABSURD = ["1e400", "9" * 50, "-1", "0.5", "10%", "3 steps", "[[]]", "f(g(1), x = 2)"]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A `.dag` file with a few of its pieces replaced, lost or moved."""
    pieces = list(draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(pieces)))
        length = draw(st.integers(0, 2))
        pieces[place : place + length] = draw(
            st.lists(st.sampled_from(PIECES + ABSURD), max_size=2)
        )
    return "".join(pieces)


@settings(max_examples=300)
@given(damaged())
@example("model m\nobserve64: bernoulli[1,image, ]\n")
def test_is_read_to_the_end(text: str) -> None:
    reading = read(Source("damaged.dag", text))
    found = [(each.code, each.message, each.span) for each in reading.diagnostics]
    assert len(found) == len(set(found))
    failed = any(each.severity == "error" for each in reading.diagnostics)
    assert (reading.spec is None) == failed
