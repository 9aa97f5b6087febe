"""Lines of a process: a line that is lost takes no other along."""

from __future__ import annotations

import re

from dagspec.syntax.layout import CLOSING, OPENING
from dagspec.syntax.mistakes.expected import may_come, reading
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair

_MARK = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*"|#[^\r\n]*|[\[({\])},\n]')
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_ENDS = ("newline", "end")
_SIGNS = "`~` for what is drawn, `=` for what is computed"


def in_process(failure: Failure) -> bool:
    """Whether a line of a process is being read, or is to be."""
    return failure.head == "PROCESS" and bool(failure.open)


def drop_line(failure: Failure, resume: int | None = None) -> Repair:
    """Go on behind the line, or at `resume`, as if it had not been there."""
    keep = line_index(failure)
    if resume is None:
        first = failure.before[keep] if keep < len(failure.before) else None
        resume = _line_end(
            failure, failure.at if first is None else first.start_pos or 0
        )
    return Repair(resume, (), keep)


def line_index(failure: Failure) -> int:
    """Index in `before` of the first token of the line, or behind its end."""
    depth, found = 0, 0
    for index, token in enumerate(failure.before):
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if depth == 1 and token.type in ("LBRACE", "COMMA", "_NEWLINE"):
            found = index + 1
    return found


def _line_end(failure: Failure, start: int) -> int:
    """Offset behind a line; brackets that do not match end it where its line ends."""
    text, opened = failure.text, list[str]()
    end = failure.line_end(failure.at)
    for match in _MARK.finditer(text, start, failure.statement_end(start)):
        mark = match[0]
        if mark in _PAIRS:
            opened.append(_PAIRS[mark])
        elif opened and mark == opened[-1]:
            opened.pop()
        elif mark == "}":
            return min(match.start(), end) if opened else match.start()
        elif mark in ")]" and opened:
            return end
        elif not opened and match.start() >= failure.at:
            if mark == "\n":
                return failure.line_end(match.start())
            if mark == ",":
                return match.end()
    return end


def unclosed_line(failure: Failure) -> Mistake | None:
    """`b = (a + 1` above `c = 2`: the next line begins inside of brackets."""
    if not in_process(failure) or len(failure.open) < 2:
        return None
    found, last = failure.found, failure.last
    ahead = found.kind == "word" and _is_sign(failure, failure.next.start)
    behind = found.text in ("~", "=") and failure.last_type == "NAME"
    if ahead:
        name = failure.token("NAME", found.text, found.start, found.end)
    elif behind and last is not None:
        name = last
    else:
        return None
    start = name.start_pos or 0
    line = failure.line_start(start)
    if failure.text[line:start].strip() or _closes(failure):
        return None
    opened = [failure.before[index] for index in reversed(failure.open[1:])]
    mark = _PAIRS[str(opened[0])]
    others = tuple(failure.label(token, "nor is this one") for token in opened[1:])
    error = failure.error(
        "E103",
        f"this `{opened[0]}` is never closed",
        f"its `{mark}` is missing",
        span=failure.span_of(opened[0]),
        labels=(*others, failure.label(name, "the next line begins here")),
        help=f"write `{''.join(_PAIRS[str(token)] for token in opened)}` "
        f"before `{name}`",
    )
    return Mistake(error, drop_line(failure, start))


def _is_sign(failure: Failure, at: int) -> bool:
    return re.compile("~|=(?!=)").match(failure.text, at) is not None


def _closes(failure: Failure) -> bool:
    """Whether the outermost bracket of the line has its partner further on."""
    start = failure.before[failure.open[1]].start_pos or 0
    end = failure.closed(start)
    return end is not None and failure.text[end - 1] == _PAIRS[failure.text[start]]


def wrong_sign(failure: Failure) -> Mistake | None:
    """`b := a`, `b: normal(0, 1)`, `a -> b`, `b, c = a` and `b` alone."""
    found, last = failure.found, failure.last
    if (
        not in_process(failure)
        or failure.expected != frozenset(("TILDE", "EQUAL"))
        or not last
    ):
        return None
    if found.text in ("->", "-->", "=>", "\u2192") and failure.next.kind == "word":
        child = failure.next.text
        error = failure.error(
            "E113",
            "a process has no edges",
            help=f"name `{last}` in the line of `{child}`, such as `{child} = {last}`",
        )
    elif found.text == ",":
        error = failure.error(
            "E113", "each variable has a line of its own", help="write one for each"
        )
    elif found.kind in _ENDS or found.text == "}":
        error = failure.error(
            "E122",
            f"nothing is said of `{last}`",
            span=failure.span_of(last),
            help=f"behind it comes {_SIGNS}",
        )
    else:
        error = failure.error(
            "E113",
            f"behind `{last}` a `~` or a `=` is missing"
            if found.kind != "mark"
            else f"`{found.text}` is no sign of a process",
            help=f"write {_SIGNS}",
        )
    return Mistake(error, drop_line(failure))


def doubled_sign(failure: Failure) -> Mistake | None:
    """`b == a` and `b ~= a`: the first sign was taken."""
    found, last = failure.found, failure.last
    if not in_process(failure) or last is None or last.end_pos != failure.at:
        return None
    if last.type not in ("TILDE", "EQUAL") or not re.fullmatch("[=~<>]+", found.text):
        return None
    error = failure.error(
        "E113",
        f"`{last}{found.text}` is no sign of a process",
        span=failure.span(last.start_pos or 0, found.end),
        help=f"write {_SIGNS}",
    )
    return Mistake(error, drop_line(failure))


def outside(failure: Failure) -> Mistake | None:
    """`a ~ normal(0, 1)` in no braces."""
    if failure.open or failure.found.text != "~" or len(failure.before) != 1:
        return None
    error = failure.error(
        "E102",
        f"`{failure.before[0]} ~ …` stands outside of the process",
        span=failure.span(failure.start, failure.code_end(failure.start)),
        help="write it in the braces of `process { … }`",
    )
    return Mistake(error, Repair(failure.line_end(failure.at), keep=0))


def begins_badly(failure: Failure) -> Mistake | None:
    """A line that begins with an operator, since the one above goes on."""
    if not in_process(failure) or line_index(failure) != len(failure.before):
        return None
    found = failure.found
    if found.kind != "mark" or found.text in "])},":
        return None
    error = failure.error(
        "E111",
        f"a line cannot begin with `{found.text}`",
        "the line above has ended already",
        help="an expression goes on below inside of parentheses only",
    )
    return Mistake(error, drop_line(failure))


def two_lines_on_one(failure: Failure) -> Mistake | None:
    """`a = 1 b = 2`."""
    if not in_process(failure) or failure.inside != "LBRACE":
        return None
    if "COMMA" not in failure.expected or failure.found.kind != "word":
        return None
    if not _is_sign(failure, failure.next.start):
        return None
    error = failure.error(
        "E125",
        "a line of the process holds one variable",
        "this begins another one",
        help=f"begin a new line before `{failure.found.text}`, or write `,`",
    )
    return Mistake(error, Repair(failure.at, (failure.token("COMMA", ","),)))


def spoilt_line(failure: Failure) -> Mistake | None:
    """Whatever else is wrong with a line."""
    found = failure.found
    if not in_process(failure) or found.kind == "end":
        return None
    if found.text in ")]}" and found.kind == "mark":
        return None
    what = "new line" if found.kind == "newline" else f"`{found.text}`"
    if found.kind == "string":
        what = "text"
    error = failure.error(
        "E101",
        f"unexpected {what} {reading(failure)}",
        f"expected {may_come(failure)}",
    )
    return Mistake(error, drop_line(failure))
