"""LaTeX that compiles whatever a spec calls its nodes."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings

import dagspec
from dagspec.spec import Spec
from dagspec.summary import formulas, set_latex
from dagspec.summary.math.notation import escape, to_latex, to_text
from tests.laws.strategies import specs

SHOWN = Path(__file__).parents[1] / "golden" / "show"
COMMANDS = frozenset(
    re.findall(
        r"\w+",
        """
        begin end mathrm mathcal operatorname text tfrac quad
        mid cdot ge in dots sum prod beta gamma eta mu pi rho sigma
        cos exp log max min sin tanh
        textbackslash textasciicircum textasciitilde textbar textless textgreater
        """,
    )
)
DISPLAY = re.compile(
    r"\\\[\n\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}\n\\\]", re.DOTALL
)
TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|(.)", re.DOTALL)


def check_latex(text: str) -> None:
    """Raise AssertionError where LaTeX with amsmath would stop, or drop a letter."""
    assert text.isascii()
    assert DISPLAY.search(text)
    for body in DISPLAY.findall(text):
        for line in body.split("\\\\\n"):
            check_math(line)
    check_prose(DISPLAY.sub("", text))


def check_math(line: str) -> None:
    assert line.count("&") - line.count(r"\&") == 1, line
    assert not re.search(r"[_^](?!\{)", line.replace(r"\_", "").replace(r"\^", "")), (
        line
    )
    assert not re.search(r"_\{[^{}]*\}_|\^\{[^{}]*\}\^", line), line
    check_braces(line)
    assert not re.search(r"(?<!\\)[$#%~]", line), line


def check_prose(text: str) -> None:
    text = re.sub(r"\\paragraph\{[A-Za-z ]+\}", "", text)
    check_braces(text)
    assert not re.search(r"(?<!\\)[$#%&_^~|<>]", text), text


def check_braces(text: str) -> None:
    depth = 0
    for command, escaped, plain in TOKEN.findall(text):
        assert not command or command in COMMANDS, command
        assert not escaped or escaped in "#$%&_{},|", escaped
        depth += (plain == "{") - (plain == "}")
        assert depth >= 0, text
    assert depth == 0, text


@pytest.mark.parametrize("name", ["concepts", "hostile", "vector", "many"])
@pytest.mark.parametrize("everything", [False, True])
def test_examples_compile(name: str, everything: bool):
    spec = dagspec.load(SHOWN / f"{name}.dag")
    check_latex(set_latex(formulas(spec, dagspec.lower(spec), everything)))


@given(specs())
@settings(max_examples=40)
def test_random_models_with_hostile_names_compile(spec: Spec):
    check_latex(set_latex(formulas(spec, dagspec.lower(spec))))


def test_every_printable_character_is_safe_in_prose():
    check_prose(escape(string.printable + "é\x1b\ud800"))


@pytest.mark.parametrize(
    "name", ["_", "__init__", "a_b", "log", "KL", "E", "_p", "lambda"]
)
def test_a_name_is_itself_in_both_notations(name: str):
    letters = name.replace("_", r"\_")
    assert to_latex(f"KL_`{name}` + q(`{name}`)") == (
        rf"\operatorname{{KL}}_{{\mathrm{{{letters}}}}} + q(\mathrm{{{letters}}})"
    )
    assert to_text(f"KL_`{name}` + q(`{name}`)") == f"KL_{name} + q({name})"


def test_a_command_is_kept_apart_from_the_letter_after_it():
    assert to_latex("2·log σ + 2πx") == r"2\cdot \log \sigma + 2\pi x"
