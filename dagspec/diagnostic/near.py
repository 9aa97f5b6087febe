"""Did you mean: the candidate that a misspelt word is nearest to."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate that `word` was probably meant to be, if there is one.

    Args:
        word: What was written.
        candidates: What would have been right.

    Returns:
        A candidate that differs in case only, else the most alike one, else None.
    """
    from difflib import get_close_matches  # only a wrong file pays for it

    candidates = list(candidates)
    for candidate in candidates:
        if candidate.lower() == word.lower():
            return candidate
    alike = get_close_matches(word, candidates, n=1, cutoff=0.7)
    return alike[0] if alike else None
