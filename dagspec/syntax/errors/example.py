"""What the examples of syntax errors have in common."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

_SKETCH = """\
model sketch
observe image: bernoulli[1, 64, 64]
"""


def explain(code: str, title: str, text: str, wrong: str, mended: str) -> Explanation:
    """An explanation whose examples are what follows a short model's first lines."""
    return Explanation(code, "error", title, text, _SKETCH + wrong, _SKETCH + mended)
