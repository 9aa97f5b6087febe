"""Numbers and strings: from characters to a value, or to what is wrong with them."""

from __future__ import annotations

import json
import math
import re

from dagspec.diagnostic import Diagnostic, Span, nearest

UNITS = ("steps", "epochs", "%")
NUMBER = re.compile(
    r"(?P<number>-?(?:0|[1-9](?:_?[0-9])*)"
    r"(?P<fraction>\.[0-9](?:_?[0-9])*)?"
    r"(?P<exponent>[eE][-+]?[0-9]+)?)"
    r"(?P<unit>steps|epochs)?"
)
# No float has more digits before its point, and int() refuses more than 4300.
_MOST_DIGITS = 309
_THOUSANDS = {"k": "_000", "K": "_000", "M": "_000_000", "G": "_000_000_000"}
_ESCAPE = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4}|.)?", re.DOTALL)


def read_number(
    literal: str, span: Span, unit: str | None
) -> tuple[int | float, str | None] | Diagnostic:
    """Value and unit of a number.

    Args:
        literal: The characters, with the unit if it follows without a space.
        span: Where they stand.
        unit: The unit that follows after a space or is `%`.

    Returns:
        The value, an int where there is neither point nor exponent, and its unit; or
        what is wrong with the number.
    """
    match = NUMBER.fullmatch(literal)
    if not match or (unit and match["unit"]):
        return _malformed(literal, span)
    digits = match["number"].replace("_", "")
    whole = match["fraction"] is None and match["exponent"] is None
    value = float(digits)
    shown = literal if len(literal) <= 40 else f"{literal[:30]}…"
    if math.isinf(value) or (whole and len(digits) > _MOST_DIGITS):
        message = f"`{shown}` is larger than any number that can be computed with"
        return _error("E109", message, span, "the largest is about `1.8e308`")
    if value == 0 and re.search("[1-9]", re.split("[eE]", digits)[0]):
        message = f"`{shown}` is too small to be told from 0"
        return _error("E109", message, span, "write `0`, or at least `1e-300`")
    return int(digits) if whole else value, unit or match["unit"]


def read_string(literal: str, span: Span) -> str | Diagnostic:
    """Text of a string in double quotes with the escapes of JSON.

    Args:
        literal: The characters, quotes included.
        span: Where they stand.

    Returns:
        The text; or the first thing that is wrong with it, at its own place.
    """
    if "\\" not in literal and literal.isprintable():
        return literal[1:-1]
    for match in _ESCAPE.finditer(literal):
        if len(match[0]) == 2 and match[0][1] not in '"\\/bfnrt':
            place = Span(
                span.source, span.start + match.start(), span.start + match.end()
            )
            help_ = f"a backslash itself is written `\\\\{match[0][1]}`"
            if match[0][1] == "u":
                help_ = "write `\\u` and four digits, such as `\\u00e9`"
            message = f"there is no escape `{match[0]}` in a string"
            return _error("E106", message, place, help_)
    for index, letter in enumerate(literal):
        if letter < " ":
            place = Span(span.source, span.start + index, span.start + index + 1)
            message = f"a string cannot hold the control character U+{ord(letter):04X}"
            escape = json.dumps(letter)[1:-1]
            return _error("E106", message, place, f"write `{escape}`")
    text = str(json.loads(literal))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        message = "this string holds half of a surrogate pair, which no file can store"
        return _error(
            "E106", message, span, "write both halves, or the character itself"
        )
    return text


def _malformed(literal: str, span: Span) -> Diagnostic:
    shown = literal if len(literal) <= 40 else f"{literal[:30]}…"
    help_ = None
    message = f"`{shown}` is not a number"
    number = NUMBER.match(literal)
    rest = literal[number.end("number") :] if number else literal
    if literal.startswith("+"):
        help_ = f"write `{shown[1:]}`"
    elif re.match(r"-?\.", literal):
        help_ = f"write `{shown.replace('.', '0.', 1)}`"
    elif re.match(r"-?0[0-9]", literal):
        message = f"`{shown}` begins with a 0 that means nothing"
        help_ = "write `" + re.sub(r"^(-?)0+(?=[0-9])", r"\1", shown) + "`"
    elif re.match(r"-?0[xXbBoO][0-9a-fA-F]", literal):
        help_ = "write it in decimal digits"
    elif rest == ".":
        help_ = f"write `{shown}0`"
    elif rest.startswith("_"):
        message = f"`{shown}` has a `_` that does not stand between two digits"
        help_ = "write `" + re.sub(r"_+(?=_|$|\.|[eE])", "", shown) + "`"
    elif rest in _THOUSANDS and number:
        help_ = f"write `{number['number']}{_THOUSANDS[rest]}`"
    elif rest.startswith(".") and "." in literal[: -len(rest)]:
        message = f"`{shown}` has more than one decimal point"
    elif re.fullmatch("[eE][-+]?", rest):
        message = f"`{shown}` has an exponent without digits"
        help_ = f"write `{shown}3`, say"
    elif number and re.fullmatch("[A-Za-z]+", rest):
        return _unknown_unit(number["number"], rest, span)
    return _error("E108", message, span, help_)


def _unknown_unit(number: str, word: str, span: Span) -> Diagnostic:
    unit = nearest_unit(word)
    end = span.start + len(number)
    place = Span(span.source, end, span.end)
    if unit is None:
        return Diagnostic(
            "error",
            "E110",
            f"there is no unit `{word}`",
            place,
            notes=("the units are `steps`, `epochs` and `%`",),
        )
    written = f"{number}%" if unit == "%" else f"{number} {unit}"
    return _error("E110", f"there is no unit `{word}`", place, f"write `{written}`")


def nearest_unit(word: str) -> str | None:
    """The unit that a word was probably meant to be."""
    meant = {
        "%": ("percent", "pct", "per", "prozent"),
        "steps": ("iterations", "iters", "iter", "batches", "updates"),
        "epochs": ("passes",),
    }
    for unit, words in meant.items():
        if word.lower() in words:
            return unit
    return nearest(word, UNITS)


def _error(code: str, message: str, span: Span, help_: str | None) -> Diagnostic:
    return Diagnostic("error", code, message, span, help=help_)
