"""Strings that are never closed, or that stand in quotes of another kind."""

from __future__ import annotations

import json
import re

from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair
from dagspec.syntax.mistakes.wording import legal_name, named

_QUOTES = {
    "'": "'",
    "`": "`",
    "\u2018": "\u2019",
    "\u201a": "\u2018",
    "\u201c": "\u201d",
    "\u201e": "\u201c",
    "\u00ab": "\u00bb",
}


# What comes after a string that should have ended before it.
_OPTION = re.compile(r"[ \t]*,[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=")


def unclosed_string(failure: Failure) -> Mistake | None:
    """`"shape` up to the end of the line."""
    start = failure.at
    if failure.found.text != '"':
        return None
    end = failure.line_end(start)
    written = failure.text[start:end].rstrip()
    if failure.open:
        written = _OPTION.split(written)[0].rstrip(" \t,)]}") or '"'
    close = start + len(written)
    below = (failure.text.find("\n", start) + 1) or len(failure.text)
    line = failure.text[below : failure.line_end(below)]
    if re.fullmatch(r'[ \t][^"=:]*"[^"=:]*', line):
        error = failure.error(
            "E105",
            "a string ends on the line on which it begins",
            "this one is still open at the end of the line",
            span=failure.span(start, close),
            help="put it on one line",
        )
        return Mistake(error, _string(failure, "", failure.text.index('"', below) + 1))
    error = failure.error(
        "E105",
        "this string is never closed",
        'its second `"` is missing',
        span=failure.span(start, close),
        help=f'write `{written}"`' if 1 < len(written) < 60 else None,
    )
    return Mistake(error, _string(failure, written[1:], close))


def wrong_quotes(failure: Failure) -> Mistake | None:
    """`'shape'` and typographic quotes."""
    mark = failure.found.text
    if mark not in _QUOTES and mark not in _QUOTES.values():
        return None
    start, line_end = failure.at, failure.line_end(failure.at)
    closers = _QUOTES.get(mark, mark) + mark + '"'
    ends = [failure.text.find(closer, start + 1, line_end) for closer in closers]
    end = min((end for end in ends if end > 0), default=-1)
    if end < 0:
        error = failure.error(
            "E107",
            f"a string stands in double quotes, not in {named(mark)}",
            'write `"` here',
        )
        return Mistake(error)
    content = failure.text[start + 1 : end]
    if "STRING" not in failure.expected and "NAME" in failure.expected:
        plain = legal_name(content)
        error = failure.error(
            "E128",
            "a name stands without quotes",
            span=failure.span(start, end + 1),
            help=f"write `{plain}`",
        )
        name = failure.token("NAME", plain, start, end + 1)
        return Mistake(error, Repair(end + 1, (name,)))
    plain = json.dumps(content, ensure_ascii=False)
    error = failure.error(
        "E107",
        f"a string stands in double quotes, not in {named(mark)}",
        span=failure.span(start, end + 1),
        help=f"write `{plain}`",
    )
    return Mistake(error, _string(failure, content, end + 1))


def _string(failure: Failure, content: str, resume: int) -> Repair:
    return Repair(
        resume, (failure.token("STRING", json.dumps(content), failure.at, resume),)
    )
