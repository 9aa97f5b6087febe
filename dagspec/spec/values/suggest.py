"""Near names, for "did you mean"."""

from __future__ import annotations

from collections.abc import Collection

from dagspec.diagnostic import nearest

MOST_COMPARED = 2_000


def did_you_mean(word: str, known: Collection[str]) -> str | None:
    """A question that names the nearest of the `known` words, or None if none is near.

    A big vocabulary is not searched: a hint is not worth waiting for.
    """
    if len(known) > MOST_COMPARED or len(word) > 100:
        return None
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else None


def listed(words: Collection[str], last: str = "or", most: int = 8) -> str:
    """Words in backticks as an English list: `a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) > most:
        rest = len(quoted) - most + 1
        quoted = [*quoted[: most - 1], f"{rest:,} more"]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
