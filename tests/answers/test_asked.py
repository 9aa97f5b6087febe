"""What was asked, read from what was typed."""

from __future__ import annotations

import pytest

from dagspec.answers.asked import (
    Target,
    parse_settings,
    parse_target,
    parse_values,
    setting_words,
)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("scale=1.5", {"scale": 1.5}),
        (" scale = -1e-3 ,shape=2", {"scale": -0.001, "shape": 2.0}),
        ("place=[1, 2], b=0", {"place": (1.0, 2.0), "b": 0.0}),
        ("b=0,place=[ 1 ]", {"b": 0.0, "place": (1.0,)}),
    ],
)
def test_settings(text: str, settings: dict[str, object]):
    assert parse_settings(text) == settings


@pytest.mark.parametrize(
    "text",
    [
        *["", "a", "a=", "=1", "a=1,", ",a=1", "a==1", "a=1 b=2", "a=[1,2", "a=1]"],
        *["a=[]", "a=[1,,2]", "a=[[1]]", "1a=2", "a=1, a=2", "a.b=1", "a=1;b=2"],
    ],
)
def test_what_is_no_setting_is_refused(text: str):
    with pytest.raises(ValueError, match="'"):
        parse_settings(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("-2:2:5", (-2, -1, 0, 1, 2)),
        ("0:1:11", tuple(number / 10 for number in range(11))),
        ("1:0:2", (1, 0)),
        ("3", (3,)),
        ("0, -1.5,2", (0, -1.5, 2)),
        ("[0, 1], [1, 0]", ((0, 1), (1, 0))),
    ],
)
def test_values(text: str, values: tuple[float, ...]):
    assert parse_values(text) == values


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has nothing before or after a comma"),
        ("0:1", "is no range"),
        ("0:1:2:3", "is no range"),
        ("0:1:", "is no range"),
        ("0:1:2.5", "is no range"),
        ("a:1:3", "'a' is not a number"),
        ("0:1:1", "a range has 2 to 10,000 values, not 1"),
        ("0:1:10001", "not 10,001"),
    ],
)
def test_what_is_no_range_is_refused(text: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        parse_values(text)


def test_targets():
    assert parse_target(" scale ") == Target("scale")
    assert parse_target("style[12]") == Target("style", 12)
    assert str(Target("style", 12)) == "style[12]"
    for text in ("", "a b", "a[", "a[-1]", "a[1][2]", "[1]", "a[x]"):
        with pytest.raises(ValueError, match="is no concept"):
            parse_target(text)


def test_settings_are_shown_as_they_are_written():
    text = "scale=1.5, place=[1, -2], shape=2"
    assert ", ".join(setting_words(parse_settings(text))) == text
