"""Legal texts in every layout that the language allows, and mangled ones."""

from __future__ import annotations

import json
import keyword
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn as Draw

SPECS = [
    path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[2] / "specs").glob("*.dag"))
]
WORDS = [
    *("model", "observe", "latent", "ladder", "features", "inference", "objective"),
    *("training", "process", "true", "false", "steps", "epochs", "given", "spatial"),
    *("train", "forward", "keys", "__init__", "_", "z1", "E5", "e", "X"),
    *keyword.kwlist,
]
SECTIONS = ["features", "inference", "objective", "training"]
NUMBERS = ["0", "1", "-2", "20_000", "0.5", "1e-3", "1E+5", "3.25e10", "-0.0"]
UNSIGNED = [number for number in NUMBERS if not number.startswith("-")]
OPERATORS = ["+", "-", "*", "/", "**"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
UNITS = ["%", " %", " steps", "steps", " epochs", "epochs"]

names = st.one_of(
    st.sampled_from(WORDS), st.from_regex("[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
)
values_only = names.filter(lambda name: name not in ("true", "false"))
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
strings = st.one_of(
    texts.map(json.dumps), texts.map(lambda t: json.dumps(t, ensure_ascii=False))
)
remarks = st.text(
    st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=12
)
comments = remarks.map(lambda text: f"#{text}")


def spaces(draw: Draw) -> str:
    return draw(st.sampled_from(["", " ", "  ", "\t", " \t"]))


def break_line(draw: Draw) -> str:
    """At least one new line, with comments and blank lines at will."""
    parts = [
        spaces(draw)
        + draw(st.one_of(st.just(""), comments))
        + draw(st.sampled_from(["\n", "\r\n"]))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return "".join(parts) + spaces(draw)


def gap(draw: Draw) -> str:
    """Where a new line is space."""
    return break_line(draw) if draw(st.integers(0, 9)) == 0 else spaces(draw)


def listed(draw: Draw, item: Callable[[Draw], str], least: int, trailing: bool) -> str:
    items = [item(draw) for _ in range(draw(st.integers(least, 3)))]
    joined = items[0] if items else ""
    for each in items[1:]:
        joined += f"{spaces(draw)},{gap(draw)}{each}"
    return joined + (
        spaces(draw) + "," if items and trailing and draw(st.booleans()) else ""
    )


def value(draw: Draw, depth: int = 0) -> str:
    kind = draw(st.integers(0, 5 if depth < 3 else 3))
    if kind == 0:
        return draw(st.sampled_from(NUMBERS)) + draw(st.sampled_from(["", *UNITS]))
    if kind == 1:
        return draw(strings)
    if kind == 2:
        return draw(st.sampled_from(["true", "false"]))
    if kind == 3:
        return draw(values_only)
    if kind == 4:
        inner = listed(draw, lambda d: value(d, depth + 1), 0, True)
        return f"[{gap(draw)}{inner}{gap(draw)}]"
    inner = listed(draw, lambda d: argument(d, depth + 1), 0, True)
    return f"{draw(values_only)}{spaces(draw)}({gap(draw)}{inner}{gap(draw)})"


def argument(draw: Draw, depth: int) -> str:
    key = f"{draw(names)}{gap(draw)}={gap(draw)}" if draw(st.booleans()) else ""
    return key + value(draw, depth)


def option(draw: Draw) -> str:
    return f"{draw(names)}{spaces(draw)}={spaces(draw)}{value(draw)}"


def expression(draw: Draw, space: Callable[[Draw], str], depth: int = 0) -> str:
    """Operands with operators between, at most one of them a comparison."""
    count = draw(st.integers(1, 4))
    compared = draw(st.integers(1, 3 * count))
    text = operand(draw, space, depth)
    for index in range(1, count):
        signs = COMPARISONS if index == compared else OPERATORS
        sign = draw(st.sampled_from(signs))
        text += f"{space(draw)}{sign}{space(draw)}{operand(draw, space, depth)}"
    return text


def operand(draw: Draw, space: Callable[[Draw], str], depth: int) -> str:
    sign = draw(st.sampled_from(["", "", "", "-", "- -"]))
    kind = draw(st.integers(0, 3 if depth < 3 else 1))
    if kind == 0:
        return sign + draw(st.sampled_from(UNSIGNED))
    if kind == 1:
        return sign + draw(names)
    if kind == 2:
        return f"{sign}({gap(draw)}{expression(draw, gap, depth + 1)}{gap(draw)})"
    inner = listed(draw, lambda d: named_operand(d, depth + 1), 1, True)
    return f"{sign}{draw(names)}{spaces(draw)}({gap(draw)}{inner}{gap(draw)})"


def named_operand(draw: Draw, depth: int) -> str:
    key = f"{draw(names)}{gap(draw)}={gap(draw)}" if draw(st.booleans()) else ""
    if draw(st.integers(0, 5)):
        return key + expression(draw, gap, depth)
    return f"{key}[{listed(draw, lambda d: expression(d, gap, depth), 0, True)}]"


def assignment(draw: Draw) -> str:
    sign = draw(st.sampled_from(["~", "="]))
    made = expression(draw, spaces)
    return f"{draw(names)}{spaces(draw)}{sign}{spaces(draw)}{made}"


def block(draw: Draw, item: Callable[[Draw], str]) -> str:
    text = "{" + (break_line(draw) if draw(st.booleans()) else spaces(draw))
    for index in range(draw(st.integers(0, 3))):
        if index:
            text += spaces(draw) + (
                "," + gap(draw) if draw(st.booleans()) else break_line(draw)
            )
        text += item(draw)
    return text + (break_line(draw) if draw(st.booleans()) else spaces(draw)) + "}"


def statement(draw: Draw) -> str:
    name: Callable[[Draw], str] = lambda d: d(names)  # noqa: E731
    kind = draw(st.integers(0, 5))
    if kind == 5:
        return f"process{spaces(draw)}{block(draw, assignment)}"
    if kind == 0:
        text = f" {draw(strings)}" if draw(st.booleans()) else ""
        return f"model {draw(names)}{text}"
    if kind == 1:
        return f"{draw(st.sampled_from(SECTIONS))}{spaces(draw)}{block(draw, option)}"
    if kind == 2:
        sides = [listed(draw, name, 1, False) for _ in range(2)]
        return f"{sides[0]}{spaces(draw)}->{gap(draw)}{sides[1]}"
    if kind == 3:
        chain = [draw(names) for _ in range(draw(st.integers(2, 4)))]
        return f" ->{gap(draw)}".join(chain)
    parts = [
        f"{listed(draw, name, 1, False)}{spaces(draw)}:{spaces(draw)}{draw(names)}"
    ]
    if draw(st.booleans()):
        inner = listed(draw, value, 0, True)
        parts.append(f"[{gap(draw)}{inner}{gap(draw)}]")
    if draw(st.booleans()):
        parts.append(draw(strings))
    if draw(st.booleans()):
        parts.append(block(draw, option))
    keyword = draw(st.sampled_from(["observe", "latent", "ladder"]))
    return f"{keyword} " + spaces(draw).join(parts)


@st.composite
def legal_texts(draw: Draw) -> str:
    lines = [spaces(draw) + statement(draw) for _ in range(draw(st.integers(0, 5)))]
    text = break_line(draw) if draw(st.booleans()) else ""
    for line in lines:
        text += line + break_line(draw)
    return text.rstrip("\r\n") if draw(st.booleans()) else text


@st.composite
def mangled_texts(draw: Draw) -> str:
    """A spec with some of its characters deleted, doubled, moved or replaced."""
    text = draw(st.sampled_from(SPECS))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        put = draw(
            st.one_of(
                st.sampled_from(
                    ["", *"{}[]()=:,\"'#\n\r\t;\\%<>é\0", "->", "=>", "\n\n"]
                ),
                st.just(text[start:end] * 2),
                st.text(max_size=3),
            )
        )
        text = text[:start] + put + text[end:]
    return text
