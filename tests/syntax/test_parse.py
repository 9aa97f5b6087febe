"""What the parser makes of a text, legal or not."""

from __future__ import annotations

import logging
import math
import threading
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import lark
import pytest
from hypothesis import given, settings

from dagspec.diagnostic import Source, Span
from dagspec.syntax import build, tree
from dagspec.syntax.bounds import MOST_BRACKETS
from dagspec.syntax.parse import parse
from tests.syntax.texts import SECTIONS, WORDS, legal_texts, mangled_texts

PLACE = Span(Source("", ""), 0, 0)
SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.dag"))


def read(text: str) -> tuple[tree.Statement, ...]:
    file, diagnostics = parse(Source("test.dag", text))
    assert diagnostics == ()
    return file.statements


def codes(text: str) -> list[str]:
    return [each.code for each in parse(Source("test.dag", text))[1]]


def name(text: str) -> tree.Identifier:
    return tree.Identifier(text, PLACE)


def number(value: float, unit: str | None = None) -> tree.Number:
    return tree.Number(value, unit, PLACE)


def edge(*groups: str) -> tree.Edge:
    return tree.Edge(tuple(tuple(map(name, group.split())) for group in groups), PLACE)


def option(text: str) -> tree.Value:
    (section,) = read(f"training {{ x = {text} }}")
    assert isinstance(section, tree.Section)
    return section.options[0].value


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_reads_every_spec(path: Path) -> None:
    file, diagnostics = parse(Source(path.name, path.read_text("utf-8")))
    assert diagnostics == ()
    assert isinstance(file.statements[0], tree.Header)


def test_header() -> None:
    text = tree.Text("Sprites.", PLACE)
    assert read('model sprites "Sprites."') == (
        tree.Header(name("sprites"), text, PLACE),
    )
    assert read("model sprites") == (tree.Header(name("sprites"), None, PLACE),)


def test_node_with_all_its_parts() -> None:
    (node,) = read('latent a, b: normal[1, x] "text" { at = 3, c = true }')
    assert node == tree.Node(
        "latent",
        (name("a"), name("b")),
        name("normal"),
        tree.Sequence((number(1), name("x")), PLACE),
        tree.Text("text", PLACE),
        (
            tree.Option(name("at"), number(3), PLACE),
            tree.Option(name("c"), tree.Boolean(True, PLACE), PLACE),
        ),
        PLACE,
    )


def test_node_without_what_may_be_left_out() -> None:
    (node,) = read("observe x: normal")
    assert node == tree.Node(
        "observe", (name("x"),), name("normal"), None, None, (), PLACE
    )


def test_edges() -> None:
    assert read("a -> b") == (edge("a", "b"),)
    assert read("a, b -> c, d") == (edge("a b", "c d"),)
    assert read("a -> b -> c") == (edge("a", "b", "c"),)


@pytest.mark.parametrize("word", SECTIONS)
def test_sections(word: str) -> None:
    (section,) = read(f"{word} {{}}")
    assert section == tree.Section(name(word), (), PLACE)


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    # Of two ways to read on, lark takes one and says so to those who listen only.
    def said(grammar: str) -> str:
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
            lark.Lark(grammar, parser="lalr", lexer="contextual", debug=True)
        return caplog.text

    grammar = files("dagspec.syntax").joinpath("grammar.lark").read_text("utf-8")
    assert "onflict" not in said(grammar)
    names = 'names: NAME ("," NAME)*'
    assert names in grammar
    assert "onflict" in said(grammar.replace(names, 'names: NAME | names "," names'))


def test_process() -> None:
    assert read("process {}") == (tree.Process(name("process"), (), PLACE),)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_a_name(word: str) -> None:
    assert read(f"{word} -> {word}, {word}") == (edge(word, f"{word} {word}"),)
    assert read(f"{word}, {word} -> {word}") == (edge(f"{word} {word}", word),)
    (node,) = read(f"latent {word}, {word}: {word}[1] {{ {word} = f({word} = 1) }}")
    assert isinstance(node, tree.Node)
    assert [each.text for each in (*node.names, node.family)] == [word] * 3
    assert node.options[0].name == name(word)
    assert read(f"model {word}") == (tree.Header(name(word), None, PLACE),)


def test_keywords_are_whole_words() -> None:
    assert read("latent2 -> models") == (edge("latent2", "models"),)
    assert option("trueish") == name("trueish")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", number(0)),
        ("-2", number(-2)),
        ("20_000", number(20_000)),
        ("1e-3", number(0.001)),
        ("0.25", number(0.25)),
        ("9" * 30, number(10**30 - 1)),
        ("30%", number(30, "%")),
        ("30 %", number(30, "%")),
        ("500 steps", number(500, "steps")),
        ("500steps", number(500, "steps")),
        ("1epochs", number(1, "epochs")),
        ("true", tree.Boolean(True, PLACE)),
        ("adam", name("adam")),
        (r'"a\"\n\u00e9\ud83d\ude00"', tree.Text('a"\né😀', PLACE)),
        ('"# no comment"', tree.Text("# no comment", PLACE)),
        ("[]", tree.Sequence((), PLACE)),
        (
            "[1, [2,],]",
            tree.Sequence((number(1), tree.Sequence((number(2),), PLACE)), PLACE),
        ),
        ("f()", tree.Call(name("f"), (), PLACE)),
        (
            "f(1, true = x,)",
            tree.Call(
                name("f"),
                (
                    tree.Argument(None, number(1), PLACE),
                    tree.Argument(name("true"), name("x"), PLACE),
                ),
                PLACE,
            ),
        ),
    ],
)
def test_values(text: str, value: tree.Value) -> None:
    assert option(text) == value


def test_whole_numbers_are_ints_and_others_floats() -> None:
    values = [option(text) for text in ("20_000", "2e4", "1.0")]
    assert [type(each.value) for each in values if isinstance(each, tree.Number)] == [
        int,
        float,
        float,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a,\n\n# why\nb ->\n c,\r\n d",
        "a, b -> c, d",
        "a  ,b->c,d   # why",
    ],
)
def test_a_line_goes_on_after_a_comma_or_an_arrow(text: str) -> None:
    assert read(text) == (edge("a b", "c d"),)


@pytest.mark.parametrize(
    "text",
    [
        "training { a = 1, b = f(2, [3, 4]) }",
        "training {\n\n a = 1\n\n b = f(\n2,\n[3\n, 4\n]\n)\n}",
        "training { a = 1,\n\n b = f(2, # why\n [3, 4]), }",
        "training {a=1\r\nb=f(2,[3,4])}",
        "training {\na = 1\nb = f(\nx\n= 2, [3, 4]) }".replace("x\n= ", ""),
    ],
)
def test_the_innermost_bracket_says_what_a_new_line_is(text: str) -> None:
    assert read(text) == read("training { a = 1, b = f(2, [3, 4]) }")


@pytest.mark.parametrize("text", ["", "\n", "# why", "\r\n\r\n", "\n  # why\n\t\n"])
def test_nothing_is_a_file_without_statements(text: str) -> None:
    assert read(text) == ()


def test_spans_are_what_was_written() -> None:
    text = (
        'model m "x"\r\n'
        'latent a, b: normal[1] "t" { at = 3, c = f(x = [1 %]) }  # why\r\n'
        "a -> b -> c\r\n"
        "features { w = 500 steps }"
    )
    source = Source("test.dag", text)
    file, _ = parse(source)

    def shown(part: object) -> str:
        span = getattr(part, "span")  # noqa: B009
        assert span.source is source
        return text[span.start : span.end]

    _, node, _, section = file.statements
    assert isinstance(node, tree.Node)
    assert isinstance(section, tree.Section)
    assert [shown(each) for each in file.statements] == [
        'model m "x"',
        'latent a, b: normal[1] "t" { at = 3, c = f(x = [1 %]) }',
        "a -> b -> c",
        "features { w = 500 steps }",
    ]
    assert [shown(each) for each in node.options] == ["at = 3", "c = f(x = [1 %])"]
    assert shown(node.size) == "[1]"
    assert shown(node.description) == '"t"'
    call = node.options[1].value
    assert isinstance(call, tree.Call)
    assert shown(call) == "f(x = [1 %])"
    assert shown(call.arguments[0]) == "x = [1 %]"
    assert shown(section.options[0].value) == "500 steps"
    assert [shown(each) for each in file.comments] == ["# why"]


@given(legal_texts())
def test_every_layout_that_is_allowed_is_read(text: str) -> None:
    assert parse(Source("test.dag", text))[1] == ()


@given(mangled_texts())
@settings(max_examples=150)
def test_anything_is_read_and_every_message_has_a_place(text: str) -> None:
    file, diagnostics = parse(Source("test.dag", text))
    for each in diagnostics:
        for span in (each.span, *(label.span for label in each.labels)):
            assert span is not None
            assert 0 <= span.start <= span.end <= len(text)
    starts = [each.span.start for each in diagnostics if each.span]
    assert starts == sorted(starts)
    for statement in file.statements:
        assert 0 <= statement.span.start <= statement.span.end <= len(text)


@given(mangled_texts())
def test_no_error_is_told_twice(text: str) -> None:
    _, diagnostics = parse(Source("test.dag", text))
    told = [(each.code, each.span.start) for each in diagnostics if each.span]
    assert len(told) == len(set(told))


def test_a_character_too_few_is_one_error() -> None:
    """Of all that can be deleted but the sign of a comment."""
    text = (Path(__file__).parents[2] / "specs" / "dsprites.dag").read_text("utf-8")
    counts = [
        len(parse(Source("test.dag", text[:at] + text[at + 1 :]))[1])
        for at, letter in enumerate(text)
        if letter != "#"
    ]
    assert max(counts) == 1


def test_a_mended_statement_is_read_all_the_same() -> None:
    text = """\
latnet a normal(1) { at: 3, label = 'a' };
b = c
a => b
"""
    file, diagnostics = parse(Source("test.dag", text))
    right = 'latent a: normal[1] { at = 3, label = "a" }\na -> b\n'
    assert file.statements == read(right)
    assert len(diagnostics) == 8


def test_one_missing_brace_hides_nothing() -> None:
    text = "features {\n  widths = [32]\n\nlatent a: normal[1]\nlatent b normal[1]\n"
    file, diagnostics = parse(Source("test.dag", text))
    assert [each.code for each in diagnostics] == ["E103", "E112"]
    right = "features { widths = [32] }\nlatent a: normal[1]\nlatent b: normal[1]\n"
    assert file.statements == read(right)


def test_reading_goes_on_in_the_line_where_the_next_statement_was_misread() -> None:
    file, diagnostics = parse(Source("test.dag", "a ->\nlatent b: normal[1]\n"))
    assert [each.code for each in diagnostics] == ["E126"]
    assert file.statements == read("latent b: normal[1]")


def test_reading_does_not_go_on_at_an_option_in_column_1() -> None:
    text = "training {\n???\nbatch = 64\n}\nlatent b normal[1]\n"
    assert codes(text) == ["E119", "E112"]


def test_a_place_that_was_mended_in_vain_is_told_once() -> None:
    assert codes("a,: normal[1]\n") == ["E102"]


def test_options_before_a_broken_one_are_kept() -> None:
    text = "latent a: normal[1] { at = 3, ??? }\n"
    file, diagnostics = parse(Source("test.dag", text))
    assert [each.code for each in diagnostics] == ["E119"]
    assert file.statements == read("latent a: normal[1] { at = 3 }")


def test_an_option_whose_value_is_lost_is_left_out() -> None:
    file, _ = parse(
        Source("test.dag", "training { a = [1, 01], b = 2, c = f(x = 1_) }")
    )
    assert file.statements == read("training { b = 2 }")


def test_a_node_whose_size_is_lost_is_left_out() -> None:
    file, _ = parse(Source("test.dag", "latent a: normal[01]\nlatent b: normal[1]\n"))
    assert file.statements == read("latent b: normal[1]")


def test_names_in_column_1_within_a_bracket_are_no_statements() -> None:
    assert codes("features { a = [\nx,\ny\n] }\n") == []
    assert codes("latent a,\nb: normal[1]\n") == []


@pytest.mark.parametrize("text", ["[" * 100_000, "f(" * 100_000, "{" * 100_000])
def test_brackets_without_end_are_one_error(text: str) -> None:
    assert len(codes(f"training {{ a = {text}\n")) == 1


def test_brackets_up_to_the_limit_are_read() -> None:
    deep = "[" * (MOST_BRACKETS - 1) + "]" * (MOST_BRACKETS - 1)
    assert codes(f"training {{ a = {deep} }}") == []
    assert codes(f"training {{ a = [{deep}] }}") == ["E121"]


@pytest.mark.parametrize(
    "text",
    [
        "1e400",
        "-1e400",
        "9" * 5000,
        "1e" + "9" * 5000,
        "1e-400",
        "0." + "0" * 400 + "1",
    ],
)
def test_numbers_out_of_range_are_one_error(text: str) -> None:
    assert codes(f"training {{ a = {text} }}") == ["E109"]


def test_the_largest_numbers_are_read() -> None:
    value = option("1" + "0" * 308)
    assert isinstance(value, tree.Number)
    assert value.value == 10**308
    assert math.isfinite(float(value.value))


def test_a_statement_without_end_is_one_error() -> None:
    assert codes("latent " + "a, " * 60_000 + "b: normal[1]\nc => d\n") == [
        "E130",
        "E115",
    ]


def test_mistakes_without_end_are_cut_short() -> None:
    found = codes("a => b\n" * 3000)
    assert found == ["E115"] * 1000 + ["E130"]


def test_statements_without_end_are_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MOST_STATEMENTS", 3)
    file, diagnostics = parse(Source("test.dag", "a -> b\n" * 5 + "c => d\n"))
    assert len(file.statements) == 3
    assert [each.code for each in diagnostics] == ["E130"]


def test_wrong_numbers_without_end_are_cut_short() -> None:
    assert len(codes("latent a: normal[01]\n" * 3000)) == 1000


@pytest.mark.parametrize(
    "line",
    [
        "n{0} -> n{1}\n",
        "n{0} - n{1}\n",
        " n{0} -> n{1} {{ x }}\n",
        "latent n{0} normal[1\n",
        "n{0} ",
    ],
)
def test_work_grows_in_proportion(line: str) -> None:
    """Counted in calls, which a busy machine does not change."""
    import sys

    def work(size: int) -> int:
        text = "".join(line.format(index, index + 1) for index in range(size))
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            parse(Source("test.dag", text))
        finally:
            sys.setprofile(None)
        return calls

    work(10)
    counts = [work(size) for size in (100, 200, 400)]
    assert all(second < 2.3 * first for first, second in pairwise(counts))


def test_threads_do_not_mix() -> None:
    texts = [f"latent a{index}: normal[{index}]\n" * 50 for index in range(8)]
    found: dict[int, tuple[tree.Statement, ...]] = {}

    def work(index: int) -> None:
        found[index] = parse(Source("test.dag", texts[index]))[0].statements

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[index] for index in range(8)] == [read(text) for text in texts]
