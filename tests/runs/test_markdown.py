"""Any text is shown as it is; numbers are as long as they mean something."""

from __future__ import annotations

import math

import pytest

from dagspec.runs.markdown import code, fence, figure, nats, prose, table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, with pos_x.", "plain, with pos_x."),
        ("_odd_ and *bold*", r"\_odd\_ and \*bold\*"),
        ("a <b> [c](d)", r"a \<b\> \[c\](d)"),
        ("two\nlines\t of it", "two lines of it"),
        ("`_odd_` has *collapsed*", r"`_odd_` has \*collapsed\*"),
        ("one ` tick_", r"one \` tick\_"),
        ("# no heading", r"\# no heading"),
        ("--- no rule", r"\--- no rule"),
        ("1. no list", r"1\. no list"),
        ("a\\b", r"a\\b"),
        ("&amp; is no &", r"\&amp; is no &"),
        ("naïve 形 ∀", "naïve 形 ∀"),
    ],
)
def test_prose_is_not_marked_up(text: str, shown: str):
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("linear(10%)", "`linear(10%)`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a\nb", "`a b`"),
        ("", "-"),
    ],
)
def test_code_keeps_its_backticks(text: str, shown: str):
    assert code(text) == shown


def test_a_block_outlasts_the_backticks_in_it():
    assert fence("a ```` b\n") == "`````\na ```` b\n`````"


def test_a_bar_ends_no_cell():
    rows = [(code("a|b"), "1"), (prose("a|b"), "2")]
    lines = table(("x", "n>"), rows).splitlines()
    assert lines[:2] == ["| x | n |", "| --- | ---: |"]
    assert lines[2:] == [r"| `a\|b` | 1 |", r"| a\|b | 2 |"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (0.0, "0"),
        (0.9341, "0.934"),
        (-12.345, "-12.3"),
        (1234.56, "1,235"),
        (1.5e-7, "1.50e-07"),
        (2.5e9, "2.50e+09"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_figures_are_short(value: float | None, shown: str):
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (0.0, "0.00"),
        (-1234.567, "-1,234.57"),
        (0.00412, "0.0041"),
        (-1e30, "-1.00e+30"),
        (math.nan, "nan"),
    ],
)
def test_nats_have_two_decimals_where_they_mean_something(
    value: float | None, shown: str
):
    assert nats(value) == shown
