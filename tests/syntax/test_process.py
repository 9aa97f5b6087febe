"""The lines of a process: names, signs, and what a bad one leaves of the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagspec.diagnostic import Diagnostic, Source, Span
from dagspec.syntax import tree
from dagspec.syntax.parse import parse
from tests.syntax.texts import WORDS

PLACE = Span(Source("", ""), 0, 0)
# Each is wrong in one way.
BAD = [
    "b = a ^ 2", "b := a", "b: normal(0, 1)", "b <- a", "a -> b", "b, c = a", "b ==",
    "b", "b =", "b ~", "b = a +", "b = * a", "b = a + * 2", "b = (a + )",
    "b = max(, a)",
    "b = max(a 2)", "b = 2 a", "b = 2a", "b = a (2) 3", "b = (a + 1", "b = max(a, 2]",
    "b = a + 1)", "b ~ normal[0, 1]", 'b = "text"', "b = {a}", "b = a ? 1 : 2",
    "b = a if c else d", "b = a and c", "b = not a", "b = a // 2", "b = a % 2",
    "b = 30%", "b = 5 steps", "b = .5", "b = 1e400", "b = +a", "b = a = 2", "b = a ~ c",
    "b == a", "b = >a", "b = a <> 2", "b = 1 < a < 2", "b = a;", "b-c = 2", "1b = 2",
    "+ 1", "-> a", "b = a.c", "b = \N{MINUS SIGN}a", "b = a \N{MIDDLE DOT} 2",
    "b = 'a'", '"b" = a', "b = a // why", "b = [a, ", "b = $a", "b = a @ c", "latent b",
]  # fmt: skip


def read(text: str) -> tuple[tuple[tree.Assignment, ...], tuple[Diagnostic, ...]]:
    file, diagnostics = parse(Source("test.dag", text))
    (process,) = file.statements
    assert isinstance(process, tree.Process)
    return process.assignments, diagnostics


def names(text: str) -> list[str]:
    return [line.name.text for line in read(text)[0]]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_names_a_variable(word: str) -> None:
    lines, diagnostics = read(f"process {{ {word} = {word} + {word}({word} = 1) }}")
    name = tree.Identifier(word, PLACE)
    argument = tree.Argument(name, tree.Number(1, None, PLACE), PLACE)
    call = tree.Call(name, (argument,), PLACE)
    value = tree.Operation("+", (name, call), PLACE)
    assert diagnostics == ()
    assert lines == (tree.Assignment(name, "=", value, PLACE, PLACE),)


def test_a_process_is_an_edge_where_an_arrow_follows() -> None:
    file, diagnostics = parse(Source("test.dag", "process -> a\nprocess, b -> a\n"))
    assert diagnostics == ()
    assert all(isinstance(each, tree.Edge) for each in file.statements)


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_one_mistake_and_hides_no_other(bad: str) -> None:
    text = (
        f"process {{\n  u ~ normal(0, 1)\n  {bad}\n  v = u\n  w = 2 ^ u\n}}\nv -> w\n"
    )
    file, diagnostics = parse(Source("test.dag", text))
    process, edge = file.statements
    assert isinstance(process, tree.Process)
    assert isinstance(edge, tree.Edge)
    found = [each.name.text for each in process.assignments]
    assert [name for name in found if name in "uvw"] == ["u", "v", "w"]
    lines = [text[: each.span.start].count("\n") for each in diagnostics if each.span]
    assert lines == [2, 4]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_among_commas_hides_no_other(bad: str) -> None:
    if bad.endswith("// why") or bad.startswith(("+", "->")) or "//" in bad:
        return  # a comment takes the rest of the line along, an operator goes on
    found, diagnostics = read(f"process {{ u = 1, {bad}, v = 2 }}")
    assert diagnostics
    assert "u" in [line.name.text for line in found]


@given(st.lists(st.sampled_from(BAD), max_size=6))
def test_sound_lines_survive_any_bad_ones(bad: list[str]) -> None:
    lines = ["  good = 1"]
    for line in bad:
        lines += [f"  {line}", "  good = 1"]
    text = "process {\n" + "\n".join(lines) + "\n}\nlatent z: normal[1]\n"
    file, _ = parse(Source("test.dag", text))
    process, node = file.statements
    assert isinstance(process, tree.Process)
    assert isinstance(node, tree.Node)
    found = [line.name.text for line in process.assignments]
    assert found.count("good") == len(bad) + 1


def test_lines_may_stand_in_column_1() -> None:
    text = "process {\na ~ normal(0, 1)\nb = a ^ 2\nc = max(a,\nb)\n}\n"
    assert names(text) == ["a", "b", "c"]
    assert [each.code for each in read(text)[1]] == ["E132"]


def test_an_unclosed_line_in_column_1_ends_where_the_next_begins() -> None:
    text = "process {\na ~ normal(0, 1\nb ~ normal(max(a, 1\nc = 1\n}\n"
    assert names(text) == ["c"]
    assert [each.code for each in read(text)[1]] == ["E103", "E103"]


def test_a_line_that_is_lost_in_brackets_ends_with_them() -> None:
    text = "process {\n  a = max(1 ? 2,\n    b = 3,\n  )\n  c = 1\n}\n"
    assert names(text) == ["c"]
    assert [each.code for each in read(text)[1]] == ["E132"]
