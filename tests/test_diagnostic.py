"""How diagnostics are shown, and what they are as data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagspec.diagnostic import (
    DagSpecError,
    Diagnostic,
    Label,
    Source,
    Span,
    diagnostic_record,
    nearest,
    render_diagnostic,
    summary,
)
from dagspec.diagnostic.cells import escape, width


def place(source: Source, part: str, skip: int = 0) -> Span:
    start = -1
    for _ in range(skip + 1):
        start = source.text.index(part, start + 1)
    return Span(source, start, start + len(part))


def show(text: str, part: str, *labels: tuple[str, str], label: str = "here") -> str:
    source = Source("bad.dag", text)
    others = tuple(Label(place(source, at), says) for at, says in labels)
    found = Diagnostic(
        "error", "E999", "it is wrong", place(source, part), label, others
    )
    return "\n".join(render_diagnostic(found).split("\n")[1:])


def test_the_sample_of_the_language() -> None:
    text = "\n" * 8 + "shape -> scale\n\n\nscale -> shape\n"
    source = Source("specs/bad.dag", text)
    found = Diagnostic(
        "error",
        "E203",
        "the edges form a cycle: shape -> scale -> shape",
        place(source, "scale -> shape"),
        "this edge closes it",
        (Label(place(source, "shape -> scale"), "it starts here"),),
        help="remove one of the two, or declare a common parent for both",
    )
    assert (
        render_diagnostic(found)
        == """\
error[E203]: the edges form a cycle: shape -> scale -> shape
  --> specs/bad.dag:12:1
   |
 9 | shape -> scale
   | -------------- it starts here
12 | scale -> shape
   | ^^^^^^^^^^^^^^ this edge closes it
   |
   = help: remove one of the two, or declare a common parent for both"""
    )


def test_places_in_several_sources_have_an_excerpt_each() -> None:
    first = Source("model.dag", "\n" * 11 + "beta = 4\n")
    second = Source("--set x", "capacity = 25, clip = 3")
    found = Diagnostic(
        "error",
        "E999",
        "it is wrong",
        place(first, "beta"),
        "here",
        (
            Label(place(second, "capacity"), "and there"),
            Label(place(first, "4"), "as well"),
            Label(place(second, "3"), "at last"),
        ),
        help="mend it",
    )
    assert (
        render_diagnostic(found)
        == """\
error[E999]: it is wrong
  --> model.dag:12:1
   |
12 | beta = 4
   | ^^^^   - as well
   | |
   | here
   |
  ::: --set x:1:1
   |
 1 | capacity = 25, clip = 3
   | --------              - at last
   | |
   | and there
   |
   = help: mend it"""
    )


def test_a_diagnostic_without_a_place() -> None:
    found = Diagnostic("error", "E001", "no file", notes=("a", "b"), help="c\nd")
    assert (
        render_diagnostic(found)
        == """\
error[E001]: no file
  = note: a
  = note: b
  = help: c
          d"""
    )


def test_a_warning_with_neither_label_nor_help() -> None:
    source = Source("a.dag", "a -> b")
    found = Diagnostic("warning", "W101", "odd", place(source, "b"))
    assert (
        render_diagnostic(found)
        == """\
warning[W101]: odd
 --> a.dag:1:6
  |
1 | a -> b
  |      ^"""
    )


def test_labels_of_one_line_hang_below_each_other() -> None:
    assert (
        show("aa -> bb -> cc", "cc", ("aa", "first"), ("bb", "second"))
        == """\
 --> bad.dag:1:13
  |
1 | aa -> bb -> cc
  | --    --    ^^ here
  | |     |
  | |     second
  | first"""
    )


def test_labels_that_overlap() -> None:
    assert (
        show("aa -> bb", "aa -> bb", ("bb", "inner"), ("aa", "left"))
        == """\
 --> bad.dag:1:1
  |
1 | aa -> bb
  | --^^^^-- inner
  | |
  | here
  | left"""
    )


def test_a_label_without_text_is_only_underlined() -> None:
    assert (
        show("aa -> bb", "aa", ("bb", ""), label="")
        == """\
 --> bad.dag:1:1
  |
1 | aa -> bb
  | ^^    --"""
    )


def test_a_span_of_several_lines_from_the_start_of_a_line() -> None:
    assert (
        show("features {\n  a = 1\n}\n", "features {\n  a = 1\n}")
        == """\
 --> bad.dag:1:1
  |
1 | / features {
2 | |   a = 1
3 | | }
  | |_^ here"""
    )


def test_a_span_of_several_lines_from_within_a_line() -> None:
    assert (
        show("x = {\n  a = 1\n}\n", "{\n  a = 1\n}", ("a", "inside"))
        == """\
 --> bad.dag:1:5
  |
1 |   x = {
  |  _____^
2 | |   a = 1
  | |   - inside
3 | | }
  | |_^ here"""
    )


def test_a_long_span_leaves_out_its_middle() -> None:
    text = "{\n" + "".join(f"  a{line} = 1\n" for line in range(20)) + "}"
    assert (
        show(text, text)
        == """\
  --> bad.dag:1:1
   |
 1 | / {
 2 | |   a0 = 1
 3 | |   a1 = 1
...
21 | |   a19 = 1
22 | | }
   | |_^ here"""
    )


def test_two_spans_of_several_lines() -> None:
    assert (
        show("{\n  [\n  ]\n}", "{\n  [\n  ]\n}", ("[\n  ]", "inner"))
        == """\
 --> bad.dag:1:1
  |
1 | /  {
2 | |/   [
3 | ||   ]
  | ||___- inner
4 | |  }
  | |__^ here"""
    )


def test_the_end_of_a_text_and_of_a_line() -> None:
    source = Source("a.dag", "ab\ncd")
    ends = [Span(source, 5, 5), Span(source, 2, 3), Span(source, 0, 3)]
    shown = [
        render_diagnostic(Diagnostic("error", "E999", "x", span, "here")).split("\n")[
            -2:
        ]
        for span in ends
    ]
    assert shown == [
        ["2 | cd", "  |   ^ here"],
        ["1 | ab", "  |   ^ here"],
        ["1 | ab", "  | ^^^ here"],
    ]


def test_an_empty_text() -> None:
    source = Source("a.dag", "")
    found = Diagnostic("error", "E200", "nothing", Span(source, 0, 0), "here")
    assert render_diagnostic(found).split("\n")[1:] == [
        " --> a.dag:1:1",
        "  |",
        "1 |",
        "  | ^ here",
    ]


@pytest.mark.parametrize(
    ("line", "shown", "mark"),
    [
        ("\tab", "    ab", "    ^^"),
        ("x\tab", "x   ab", "    ^^"),
        ("形ab", "形ab", "  ^^"),
        ("e\u0301ab", "e\u0301ab", " ^^"),
        ("\x1b[31mab", "\\x1b[31mab", "        ^^"),
        ("\u202eab", "\\u202eab", "      ^^"),
        ("\u200bab", "\\u200bab", "      ^^"),
        ("\ud800ab", "\\ud800ab", "      ^^"),
        ("\x85\u2028ab", "\\x85\\u2028ab", "          ^^"),
    ],
)
def test_columns_are_those_of_the_terminal(line: str, shown: str, mark: str) -> None:
    *_, text, marks = show(line, "ab", label="").split("\n")
    assert text == f"1 | {shown}"
    assert marks == f"  | {mark}"


def test_a_line_that_is_too_long_is_cut_around_what_is_marked() -> None:
    line = "x" * 1000 + " here " + "y" * 1000 + " there " + "z" * 1000
    *_, text, marks, _, said = show(line, "here", ("there", "and there")).split("\n")
    assert len(text) < 240
    assert text.startswith("1 | …xxx")
    assert text.endswith("zzz…")
    assert text.count("…") == 3
    start = marks.index("^^^^")
    assert text[start : start + 4] == "here"
    assert said[start:] == "here"
    start = marks.index("-----")
    assert text[start : start + 5] == "there"


def test_a_mark_that_is_too_long_is_cut() -> None:
    *_, text, marks = show("a" + "b" * 5000 + "c", "b" * 5000).split("\n")
    assert len(text) < 240
    assert len(marks) < 240
    assert text.index("a") == marks.index("^") - 1


def test_nothing_of_the_user_reaches_the_terminal_as_a_command() -> None:
    evil = "\x1b[2J\x07\r\n\u202e"
    source = Source(f"a{evil}.dag", f"x{evil}\nab")
    found = Diagnostic(
        "error",
        "E999",
        f"m{evil}",
        place(source, "x"),
        f"l{evil}",
        (Label(place(source, "ab"), f"s{evil}"),),
        (f"n{evil}",),
        f"h{evil}",
    )
    shown = render_diagnostic(found)
    assert not set("\x1b\x07\r\u202e") & set(shown)


@given(st.text(), st.data())
def test_anything_can_be_shown(text: str, data: st.DataObject) -> None:
    source = Source(data.draw(st.text(max_size=3)), text)

    def span() -> Span:
        start = data.draw(st.integers(0, len(text)))
        return Span(source, start, data.draw(st.integers(start, len(text))))

    labels = tuple(Label(span(), data.draw(st.text(max_size=5))) for _ in range(2))
    found = Diagnostic("error", "E999", text, span(), text, labels, (text,), text)
    shown = render_diagnostic(found)
    assert escape(shown.replace("\n", "")) == shown.replace("\n", "")
    plain = render_diagnostic(found, colour=True)
    for code in ("0", "1", "1;31", "1;32", "1;34"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == shown
    json.dumps(diagnostic_record(found))


def test_width_is_that_of_the_terminal() -> None:
    assert [width(text) for text in ("", "ab", "形", "e\u0301", "\t", "\x00")] == [
        *(0, 2, 2, 1),
        *(2, 4),
    ]


def test_summary() -> None:
    error = Diagnostic("error", "E999", "x")
    warning = Diagnostic("warning", "W999", "x")
    assert summary([]) == ""
    assert summary([error]) == "1 error"
    assert summary([warning, error, warning, error]) == "2 errors, 2 warnings"


def test_record() -> None:
    source = Source("é.dag", "é😀\nab\n")
    found = Diagnostic(
        "error",
        "E999",
        "message",
        place(source, "ab"),
        "label",
        (Label(place(source, "😀\na"), "other"),),
        ("note",),
        "help",
    )
    start = {"byte": 7, "line": 2, "column": 1}
    assert diagnostic_record(found) == {
        "severity": "error",
        "code": "E999",
        "message": "message",
        "file": "é.dag",
        "span": {"start": start, "end": {"byte": 9, "line": 2, "column": 3}},
        "label": "label",
        "labels": [
            {
                "span": {
                    "start": {"byte": 2, "line": 1, "column": 2},
                    "end": {"byte": 8, "line": 2, "column": 2},
                },
                "text": "other",
            }
        ],
        "notes": ["note"],
        "help": "help",
    }


def test_record_without_a_place() -> None:
    record = diagnostic_record(Diagnostic("error", "E001", "message"))
    assert (record["file"], record["span"]) == (None, None)


@given(st.text(), st.data())
def test_byte_offsets_are_those_of_utf8(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    encoded = text[:offset].encode("utf-8", "surrogatepass")
    assert Source("a.dag", text).byte_offset(offset) == len(encoded)


@pytest.mark.parametrize(
    ("word", "near"),
    [("latnet", "latent"), ("LADDER", "ladder"), ("x", None), ("", None)],
)
def test_nearest(word: str, near: str | None) -> None:
    assert nearest(word, ["latent", "ladder", "observe"]) == near


def test_an_error_shows_itself_as_check_does():
    source = Source("a.dag", "latnet x")
    span = Span(source, 0, 6)
    error = DagSpecError((Diagnostic("error", "E102", "no such thing", span),))
    assert "a.dag:1:1" in str(error)
    assert "no such thing" in str(error)
