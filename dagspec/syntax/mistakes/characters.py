"""Characters that this language has no use for, and what was probably meant by them."""

from __future__ import annotations

import re
import unicodedata

from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair
from dagspec.syntax.mistakes.wording import named

_PLAIN = {
    "{": "LBRACE",
    "}": "RBRACE",
    "[": "LBRACKET",
    "]": "RBRACKET",
    "(": "LPAR",
    ")": "RPAR",
    ",": "COMMA",
    ":": "COLON",
    "=": "EQUAL",
    "%": "UNIT",
}
_WORD = re.compile(r"\w+")


def semicolon(failure: Failure) -> Mistake | None:
    """`;` at the end of a line or between options."""
    if failure.found.text != ";":
        return None
    resume = failure.found.end
    if failure.next.kind in ("newline", "end") or failure.next.text in ("}", ")", "]"):
        label = "a line needs no mark at its end"
        return Mistake(
            failure.error("E114", "a `;` has no meaning here", label, help="remove it"),
            Repair(resume),
        )
    if failure.open:
        error = failure.error(
            "E114", "a `;` has no meaning here", help="separate with `,`"
        )
        return Mistake(error, Repair(resume, (failure.token("COMMA", ","),)))
    error = failure.error(
        "E114", "a `;` has no meaning here", help="begin a new line for each statement"
    )
    return Mistake(error, Repair(resume, (failure.token("_NEWLINE", "\n"),)))


def foreign_comment(failure: Failure) -> Mistake | None:
    """`// text`, `/* text */`, `-- text`, and `% text` at the start of a line."""
    mark = failure.found.text
    dashes = mark == "--" and failure.text[failure.at + 2 : failure.at + 3] in (
        " ",
        "\t",
    )
    percent = mark == "%" and not failure.before
    if mark not in ("//", "/*") and not dashes and not percent:
        return None
    end = failure.line_end(failure.at)
    if mark == "/*":
        close = failure.text.find("*/", failure.at)
        end = close + 2 if close > 0 else end
    if dashes and "ARROW" in failure.expected:
        return None
    error = failure.error("E116", f"a comment begins with `#`, not with `{mark}`")
    return Mistake(error, Repair(end))


def not_ascii(failure: Failure) -> Mistake | None:
    """Names such as `größe`, full-width punctuation, spaces that are none."""
    mark = failure.found.text
    if failure.found.kind != "mark" or mark.isascii():
        return None
    if mark.isalnum() or unicodedata.category(mark[0]).startswith("M"):
        return _foreign_name(failure)
    plain = unicodedata.normalize("NFKC", mark).strip()
    if plain in _PLAIN:
        error = failure.error(
            "E119", f"`{mark}` only looks like `{plain}`", help=f"write `{plain}`"
        )
        token = failure.token(_PLAIN[plain], plain)
        return Mistake(error, Repair(failure.found.end, (token,)))
    if not plain or not mark.isprintable():
        return _invisible(failure)
    error = failure.error(
        "E119", f"{named(mark)} has no meaning outside strings and comments"
    )
    return Mistake(error, Repair(failure.found.end))


def stray_character(failure: Failure) -> Mistake | None:
    """Control characters, backslashes, arithmetic, and ASCII that no rule uses."""
    found = failure.found
    if found.kind != "mark" or found.text in _PLAIN or found.text in ("->", "="):
        return None
    if found.text == "\\" and failure.next.kind == "newline":
        error = failure.error(
            "E119",
            "a `\\` does not continue a line",
            help="a statement goes on after `,` and `->`, and inside `[` and `(`",
        )
        return Mistake(error, Repair(failure.next.end))
    if not found.text.isprintable():
        return _control(failure)
    if failure.last_type == "NUMBER" and found.text in ("*", "/", "+", "^", "**", "-"):
        error = failure.error(
            "E119",
            "there is no arithmetic outside of `process`",
            "only the result can stand here",
            help="work it out and write the number",
        )
        other = failure.next.end if failure.next.kind == "number" else found.end
        return Mistake(error, Repair(other))
    error = failure.error("E119", f"`{found.text}` has no meaning in this language")
    last_on_line = failure.before and failure.next.kind in ("newline", "end")
    return Mistake(error, Repair(found.end) if last_on_line else None)


def _control(failure: Failure) -> Mistake:
    found = failure.found
    if found.text == "\r":
        error = failure.error(
            "E119",
            "a carriage return alone does not end a line",
            help="end lines with a line feed, with or without a carriage return",
        )
        ends = (failure.token("_NEWLINE", "\n"),) if failure.whole else ()
        return Mistake(error, Repair(found.end, ends))
    escape = re.compile(r"\x1b\[[0-9;]*[A-Za-z]").match(failure.text, failure.at)
    end = escape.end() if escape else found.end
    error = failure.error(
        "E119",
        f"a control character stands here: U+{ord(found.text):04X}",
        span=failure.span(failure.at, end),
        help="remove it",
    )
    return Mistake(error, Repair(end))


def _invisible(failure: Failure) -> Mistake:
    found, last = failure.found, failure.last
    name = unicodedata.name(found.text, "")
    error = failure.error(
        "E119",
        f"an invisible character stands here: {name} (U+{ord(found.text):04X})",
        help="remove it, or write a plain space",
    )
    rest = failure.look(found.end)
    joined = last is not None and last.type == "NAME" and last.end_pos == failure.at
    if not joined or last is None or found.text.isspace() or rest.kind != "word":
        return Mistake(error, Repair(found.end))
    name = failure.token("NAME", last + rest.text, last.start_pos, rest.end)
    return Mistake(error, Repair(rest.end, (name,), len(failure.before) - 1))


def _foreign_name(failure: Failure) -> Mistake:
    last = failure.last
    joined = last is not None and last.type == "NAME" and last.end_pos == failure.at
    start = (last.start_pos or 0) if joined and last else failure.at
    match = _WORD.match(failure.text, start)
    end = max(match.end() if match else 0, failure.found.end)
    written = failure.text[start:end]
    letter = failure.found.text
    bare = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode()
    alike = (
        len(bare) == len(unicodedata.normalize("NFC", written)) and bare.isidentifier()
    )
    error = failure.error(
        "E119",
        f"a name has letters a to z, digits and `_`; `{written}` has {named(letter)}",
        span=failure.span(start, end),
        help=f"write `{bare}`"
        if alike
        else "give it another name; a description may hold any letters",
    )
    if not alike:
        return Mistake(error)
    keep = len(failure.before) - 1 if joined else None
    return Mistake(error, Repair(end, (failure.token("NAME", bare, start, end),), keep))
