"""The user's words for what was being read and for what may come next."""

from __future__ import annotations

from collections.abc import Iterable

from lark import Token

from dagspec.syntax.mistakes.failure import Failure

NODES = ("observe", "latent", "ladder")
SECTIONS = ("features", "inference", "objective", "training", "process")

# The terminal of every keyword.
KEYWORDS = {
    "model": "MODEL",
    **dict.fromkeys(NODES, "NODE"),
    **dict.fromkeys(SECTIONS, "SECTION"),
    "process": "PROCESS",
}
_WORDS = {
    "STRING": "a description in double quotes",
    "UNIT": "a unit (`steps`, `epochs` or `%`)",
    "LBRACKET": "a size such as `[1]`",
    "LBRACE": "`{`",
    "LPAR": "`(`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "COMMA": "`,`",
    "ARROW": "`->`",
    "RBRACKET": "`]`",
    "RPAR": "`)`",
    "RBRACE": "`}`",
    "TILDE": "`~`",
    "POWER": "an operator",
    "_NEWLINE": "a new line",
}


def is_edge(failure: Failure) -> bool:
    """Whether the statement can only be an edge."""
    return any(token.type == "ARROW" for token in failure.before)


def is_node(failure: Failure) -> bool:
    """Whether the statement can only be a node."""
    return (
        failure.head == "NODE"
        and len(failure.before) > 1
        and failure.before[1].type == "NAME"
    )


def names(failure: Failure) -> list[Token]:
    """The names that a node declares."""
    found: list[Token] = []
    for token in failure.before[1:]:
        if token.type == "COLON":
            break
        if token.type == "NAME":
            found.append(token)
    return found


def option(failure: Failure) -> Token | None:
    """The name of the option that is being read."""
    before = failure.before
    for index in range(len(before) - 1, 0, -1):
        sign = before[index].type in ("EQUAL", "TILDE")
        if sign and before[index - 1].type == "NAME":
            opened = [at for at in failure.open if at < index]
            if opened and before[opened[-1]].type == "LBRACE":
                return before[index - 1]
        elif before[index].type in ("LBRACE", "_NEWLINE"):
            return None
    return None


def reading(failure: Failure) -> str:
    """What was being read, such as "the size of `shape`"."""
    before = failure.before
    if not before:
        return "at the start of a statement"
    if not failure.open:
        return f"in {_statement(failure)}"
    opened = failure.open[-1]
    if failure.inside == "LPAR":
        if before[opened - 1].type != "NAME":
            return "in parentheses"
        return f"in the arguments of `{before[opened - 1]}`"
    if failure.inside == "LBRACKET":
        if opened > 1 and before[opened - 2].type == "COLON":
            return f"in the size of {_statement(failure)}"
        name = option(failure)
        return f"in the list of `{name}`" if name else "in a list"
    process = failure.head == "PROCESS"
    if failure.last_type in ("LBRACE", "COMMA", "_NEWLINE"):
        parts = "lines" if process else "options"
        return f"in the {parts} of {_statement(failure)}"
    name = option(failure) or failure.last
    return f"in the line of `{name}`" if process else f"in the option `{name}`"


def may_come(failure: Failure) -> str:
    """What could stand here instead, such as "`,` or `]`"."""
    expected = failure.expected
    words: list[str] = []
    if "MODEL" in expected:
        words = ["a statement"]
    elif expected & {"NUMBER", "UNSIGNED"}:
        words = ["a value"]
        expected -= {"NAME", "STRING", "LBRACKET", "LPAR"}
    elif "NAME" in expected:
        words = [_name(failure)]
    if "POWER" in expected:
        expected -= {"LPAR"}
    words += [_WORDS[kind] for kind in _WORDS if kind in expected]
    return either(words) if words else "nothing more"


def either(words: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    *most, final = words
    return f"{', '.join(most)} or {final}" if most else final


def _name(failure: Failure) -> str:
    if failure.last_type == "COLON":
        return "a family such as `normal`"
    if failure.inside != "LBRACE":
        return "a name"
    return "a variable" if failure.head == "PROCESS" else "an option"


def _statement(failure: Failure) -> str:
    if failure.head == "MODEL" and not is_edge(failure):
        return "the header"
    if failure.head == "SECTION" and not is_edge(failure):
        return f"the section `{failure.before[0]}`"
    if failure.head == "PROCESS" and not is_edge(failure):
        return "the process"
    if is_edge(failure):
        return f"the edge from `{failure.before[0]}`"
    if failure.head == "NODE":
        named = names(failure)
        word = str(failure.before[0])
        kind = "observed node" if word == "observe" else word
        return f"the {kind} `{named[0]}`" if named else f"the {kind}"
    return f"the statement that begins with `{failure.before[0]}`"
