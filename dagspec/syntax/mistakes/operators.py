"""Expressions of a process: operators of other languages, operands that are missing."""

from __future__ import annotations

from collections.abc import Mapping

from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair
from dagspec.syntax.mistakes.process import drop_line, in_process

# What an operator of another language is written as, and the terminal of that.
_SAME: Mapping[str, tuple[str, str]] = {
    "^": ("**", "POWER"),
    "<>": ("!=", "COMPARISON"),
    "=": ("==", "COMPARISON"),
    "=>": (">=", "COMPARISON"),
    "\N{NOT EQUAL TO}": ("!=", "COMPARISON"),
    "\N{LESS-THAN OR EQUAL TO}": ("<=", "COMPARISON"),
    "\N{GREATER-THAN OR EQUAL TO}": (">=", "COMPARISON"),
    "\N{MULTIPLICATION SIGN}": ("*", "TIMES"),
    "\N{MIDDLE DOT}": ("*", "TIMES"),
    "\N{DOT OPERATOR}": ("*", "TIMES"),
    "\N{ASTERISK OPERATOR}": ("*", "TIMES"),
    "\N{DIVISION SIGN}": ("/", "TIMES"),
    "\N{DIVISION SLASH}": ("/", "TIMES"),
    "\N{MINUS SIGN}": ("-", "MINUS"),
    "\N{EN DASH}": ("-", "MINUS"),
    "\N{EM DASH}": ("-", "MINUS"),
    "\N{TILDE OPERATOR}": ("~", "TILDE"),
}
_AND = "a product is 1 where both are: `(a > 0) * (b > 0)`"
_OR = "`max(a > 0, b > 0)` is 1 where one of them is"
_NOT = "`a == 0` is 1 where `a` is 0"
_IF = "choose by comparisons: `(a > 0) * b + (a <= 0) * c`"
_OTHERS: Mapping[str, str] = {
    "&": _AND,
    "and": _AND,
    "|": _OR,
    "or": _OR,
    "!": _NOT,
    "not": _NOT,
    "?": _IF,
    "if": _IF,
    "else": _IF,
    "%": "there are `+`, `-`, `*`, `/` and `**`, `min` and `max`, and comparisons",
}
_OPERATORS = ("PLUS", "MINUS", "TIMES", "POWER", "COMPARISON")
_MARKS = ("*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "=")


def wants_operand(failure: Failure) -> bool:
    """Whether a value of an expression is to come."""
    return "UNSIGNED" in failure.expected


def double_slash(failure: Failure) -> Mistake | None:
    """`a // 2`, which may be a division or a comment."""
    if not in_process(failure) or failure.found.text != "//":
        return None
    error = failure.error(
        "E116",
        "`//` neither divides nor begins a comment",
        help="write `/`, or `#` for a comment",
    )
    end = failure.line_end(failure.at)
    return Mistake(error, drop_line(failure) if failure.open[1:] else Repair(end))


def foreign_operator(failure: Failure) -> Mistake | None:
    """`a ^ 2`, `a and b`, `not a`, `a if b else c`, signs that only look like ours."""
    if not in_process(failure):
        return None
    found, last = failure.found, failure.last
    meant, kind = _SAME.get(found.text, ("", ""))
    if kind in failure.expected:
        error = failure.error(
            "E132",
            "`=` gives a value and compares nothing"
            if found.text == "="
            else f"`{found.text}` is no operator of this language",
            help=f"write `{meant}`",
        )
        return Mistake(error, Repair(found.end, (failure.token(kind, meant),)))
    if found.text == "+" and wants_operand(failure):
        error = failure.error("E132", "a value has no `+` before it", help="remove it")
        return Mistake(error, Repair(found.end))
    if last is not None and last in ("not", "lambda") and found.kind == "word":
        word, span = str(last), failure.span_of(last)
    else:
        word, span = found.text, failure.span(found.start, found.end)
    if word not in _OTHERS or (found.kind == "word" and wants_operand(failure)):
        return None
    error = failure.error(
        "E132",
        f"`{word}` is no operator of this language",
        span=span,
        help=_OTHERS[word],
    )
    return Mistake(error, drop_line(failure))


def percentage(failure: Failure) -> Mistake | None:
    """`0.5 * 30%`."""
    found, last = failure.found, failure.last
    if not in_process(failure) or found.text != "%" or last is None:
        return None
    if last.type != "UNSIGNED" or failure.next.kind in ("word", "number"):
        return None
    error = failure.error(
        "E110",
        "a number of the process has no unit",
        help=f"write `{last} / 100`",
    )
    return Mistake(error, Repair(found.end))


def missing_operand(failure: Failure) -> Mistake | None:
    """`a +`, `* b`, `a + * b`, `max()` and `b =` at the end of a line."""
    found, last = failure.found, failure.last
    if not in_process(failure) or not wants_operand(failure) or last is None:
        return None
    ends = found.kind in ("newline", "end") or found.text in (",", "}", ")", "]")
    if not ends and found.text not in _MARKS:
        return None
    if last.type in ("TILDE", "EQUAL"):
        name = failure.before[-2]
        error = failure.error(
            "E122",
            f"the value of `{name}` is missing",
            "expected a value after this",
            span=failure.span_of(name).to(failure.span_of(last)),
        )
    elif last.type in _OPERATORS:
        error = failure.error(
            "E133",
            f"behind `{last}` a value is missing",
            "expected a value after this",
            span=failure.span_of(last),
            help="an expression goes on below inside of parentheses only"
            if found.kind == "newline"
            else None,
        )
    else:
        error = failure.error(
            "E133",
            f"before `{found.text}` a value is missing",
            labels=(failure.label(last, "expected a value after this"),),
        )
    return Mistake(error, drop_line(failure))


def missing_operator(failure: Failure) -> Mistake | None:
    """`2 a`, `a (b + c)` behind a number, `max(a b)` and `normal[0, 1]`."""
    found, last = failure.found, failure.last
    if not in_process(failure) or "POWER" not in failure.expected or last is None:
        return None
    if found.text == "[" and last.type == "NAME":
        error = failure.error(
            "E124",
            f"the arguments of `{last}` stand in parentheses",
            help=f"write `{last}(…)`",
        )
        return Mistake(error, drop_line(failure))
    if found.kind not in ("word", "number") and found.text not in ("(", "["):
        return None
    between = failure.written(last)
    comma = "a `,` or " if failure.inside != "LBRACE" else ""
    shown = "(…)" if found.text == "(" else found.text
    error = failure.error(
        "E133",
        f"{comma}an operator is missing between `{between}` and `{found.text}`",
        help=f"write for example `{between} * {shown}`",
    )
    return Mistake(error, drop_line(failure))
