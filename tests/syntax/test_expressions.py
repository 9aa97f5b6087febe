"""Expressions of a process bind as Python's do, and none is too deep to be read."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagspec.diagnostic import Source, Span
from dagspec.syntax import tree
from dagspec.syntax.bounds import MOST_BRACKETS, MOST_OPERATIONS
from dagspec.syntax.parse import parse

NAMES = {"a": 2.0, "b": -0.5, "c": 3.0}
FUNCTIONS: dict[str, object] = {"min": min, "max": max, "abs": abs}
SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
    ast.NotEq: "!=", ast.USub: "-",
}  # fmt: skip
PLACE = Span(Source("", ""), 0, 0)


def read(text: str) -> tree.Value:
    file, diagnostics = parse(Source("test.dag", f"process {{ x = {text} }}"))
    assert diagnostics == ()
    (process,) = file.statements
    assert isinstance(process, tree.Process)
    return process.assignments[0].value


def codes(text: str) -> list[str]:
    _, diagnostics = parse(Source("test.dag", f"process {{ x = {text} }}"))
    return [each.code for each in diagnostics]


def fully_bracketed(value: tree.Value | ast.expr) -> str:
    """One text for our tree and for Python's: every operation in parentheses."""
    match value:
        case tree.Number(number) | ast.Constant(number):
            return repr(float(number))  # pyright: ignore[reportArgumentType]
        case tree.Identifier(name) | ast.Name(name):
            return name
        case tree.Operation(sign, operands):
            parts = [fully_bracketed(operand) for operand in operands]
        case ast.BinOp(left, operator, right):
            sign, parts = (
                SIGNS[type(operator)],
                list(map(fully_bracketed, (left, right))),
            )
        case ast.Compare(left, [operator], [right]):
            sign, parts = (
                SIGNS[type(operator)],
                list(map(fully_bracketed, (left, right))),
            )
        case ast.UnaryOp(operator, operand):
            sign, parts = SIGNS[type(operator)], [fully_bracketed(operand)]
        case tree.Call(name, arguments):
            inner = [fully_bracketed(argument.value) for argument in arguments]
            return f"{name.text}({', '.join(inner)})"
        case ast.Call(ast.Name(name), arguments):
            return f"{name}({', '.join(map(fully_bracketed, arguments))})"
        case _:
            raise AssertionError(f"no part of an expression: {value}")
    return (
        f"({parts[0]} {sign} {parts[1]})" if len(parts) == 2 else f"({sign}{parts[0]})"
    )


OPERANDS = st.sampled_from(["a", "b", "c", "2", "0.5", "1e-3", "20_000"])
OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "+", "*"])


def grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}{}{}".format, parts, OPERATORS, parts),
        st.builds("{} {} {}".format, parts, OPERATORS, parts),
        st.builds("({} {} {})".format, parts, st.sampled_from(list("<>")), parts),
        st.builds("({} <= {})".format, parts, parts),
        st.builds("({} != {})".format, parts, parts),
        st.builds("-{}".format, parts),
        st.builds("({})".format, parts),
        st.builds("max({}, {})".format, parts, parts),
        st.builds("abs({})".format, parts),
    )


FORMULAS = st.recursive(OPERANDS, grown, max_leaves=12)


@settings(max_examples=400)
@given(FORMULAS)
def test_operators_bind_as_in_python(text: str) -> None:
    python = ast.parse(text, mode="eval").body
    assert fully_bracketed(read(text)) == fully_bracketed(python)


@settings(max_examples=200)
@given(FORMULAS)
def test_the_tree_comes_to_what_python_comes_to(text: str) -> None:
    def result(formula: str) -> object:
        try:
            return eval(formula, {"__builtins__": {}}, {**FUNCTIONS, **NAMES})
        except (ArithmeticError, TypeError) as error:
            return type(error)

    assert result(fully_bracketed(read(text))) == result(text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("-a ** 2", "(-(a ** 2.0))"),
        ("a -0.5", "(a - 0.5)"),
        ("a-1-2", "((a - 1.0) - 2.0)"),
        ("2 ** 3 ** 2", "(2.0 ** (3.0 ** 2.0))"),
        ("a ** -b", "(a ** (-b))"),
        ("a / b / c", "((a / b) / c)"),
        ("- -a", "(-(-a))"),
        ("a + b < c * 2", "((a + b) < (c * 2.0))"),
        ("(a < b) == c", "((a < b) == c)"),
        ("a<-1", "(a < (-1.0))"),
        ("(\n a\n + b # why\n)", "(a + b)"),
        ("max(a, b)(c)", None),
    ],
)
def test_binds(text: str, meaning: str | None) -> None:
    if meaning is None:
        assert codes(text) == ["E133"]
    else:
        assert fully_bracketed(read(text)) == meaning


def test_operations_know_their_places() -> None:
    text = "process { x = (a + b) * -c }"
    file, _ = parse(Source("test.dag", text))
    (process,) = file.statements
    assert isinstance(process, tree.Process)
    (line,) = process.assignments

    def shown(span: Span) -> str:
        return text[span.start : span.end]

    assert shown(line.span) == "x = (a + b) * -c"
    assert shown(line.place) == "="
    assert isinstance(line.value, tree.Operation)
    assert [shown(each.span) for each in line.value.operands] == ["(a + b)", "-c"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 10_000 + "a" + ")" * 10_000, "E121"),
        ("(" * 10_000, "E121"),
        (" + ".join(["a"] * 10_000), "E121"),
        (" ** ".join(["a"] * 10_000), "E121"),
        ("-" * 10_000 + "a", "E121"),
        ("abs(" * 10_000 + "a", "E121"),
        (" < ".join(["a"] * 10_000), "E131"),
        ("+".join(["1"] * 60_000), "E130"),
    ],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str, code: str) -> None:
    assert codes(text)[0] == code


@pytest.mark.parametrize("sign", ["+", "*", "**", "-"])
def test_the_deepest_operations_that_are_read(sign: str) -> None:
    operands = ["a"] * (MOST_OPERATIONS + 1)
    assert isinstance(read(f" {sign} ".join(operands)), tree.Operation)
    assert codes(f" {sign} ".join([*operands, "a"])) == ["E121"]


def test_the_deepest_brackets_that_are_read() -> None:
    # The braces of the process are brackets too.
    depth = MOST_BRACKETS - 1
    assert read("(" * depth + "a" + ")" * depth) == tree.Identifier("a", PLACE)
    assert codes("(" * MOST_BRACKETS + "a" + ")" * MOST_BRACKETS) == ["E121"]
