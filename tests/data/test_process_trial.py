"""A process that cannot run says so at its place, before anything is trained."""

from __future__ import annotations

import pytest

from dagspec.data.process.trial import fails
from dagspec.diagnostic import Diagnostic, Source
from dagspec.spec import read

IMAGE = "normal[1, 16, 16]"


def tried(lines: str, node: str = IMAGE, placed: bool = True) -> tuple[Diagnostic, ...]:
    process = f"process {{\n  a ~ normal(0, 1)\n  {lines}\n}}"
    text = f"model m\nobserve x: {node}\nlatent z: normal[1]\n{process}\n"
    reading = read(Source("test.dag", text))
    assert reading.spec is not None, reading.diagnostics
    return fails(reading.spec, reading.file if placed else None)


@pytest.mark.parametrize(
    ("lines", "place", "message", "help"),
    [
        (
            "b = 1 / (a - a)\nx = blob(a, b)",
            "1 / (a - a)",
            "`b` cannot be computed: `1 / (a - a)` is inf where a = ",
            "divide by what is never 0",
        ),
        (
            "b ~ normal(std = a * 2, mean = a)\nx = blob(a, b)",
            "a * 2",
            "`b`: the standard deviation `a * 2` is -",
            "write `max(0.01, a * 2)`, say",
        ),
        (
            "b ~ normal(0, a + 1)\nx = blob(a, b)",
            "a + 1",
            "`b`: the standard deviation `a + 1` is -",
            "write `max(0.01, a + 1)`, say",
        ),
        (
            "b ~ categorical(1, 2, a)\nx = blob(a, b)",
            "a",
            "`b`: the weight of class 2 `a` is -",
            "write `max(0, a)`, say",
        ),
        (
            "b ~ uniform(high = a, low = 0)\nx = blob(a, b)",
            "uniform(high = a, low = 0)",
            "`b`: the high end `a` is -",
            None,
        ),
        (
            "x = [blob(a, a), sprite(0.5, y = 0.5, shape = 7)]",
            "7",
            "`sprite`: the `shape` is 7, not a whole number from 0 to 2",
            None,
        ),
        (
            "x = [sprite(0.5, 0.5), sprite(scale = 1, x = 0.5, y = a * 9)]",
            "a * 9",
            "`sprite`: the `y` `a * 9` is ",
            "write `min(1, max(0, a * 9))`, say",
        ),
    ],
)
def test_the_place_is_what_was_written(lines, place, message, help):
    (found,) = tried(lines)
    assert (found.code, found.severity, found.help) == ("E804", "error", help)
    assert found.message.startswith(message)
    assert found.span is not None
    assert found.span.source.text[found.span.start : found.span.end] == place


def test_an_input_of_a_network_is_counted_without_its_options():
    (found,) = tried("x = mlp(a, noise = 0.1, 1 / (a > 9))", "normal[8]")
    assert found.message.startswith("`mlp`: the input 2 cannot be computed: ")
    assert found.span is not None
    assert found.span.source.text[found.span.start : found.span.end] == "1 / (a > 9)"


def test_without_a_file_the_same_is_said_without_a_place():
    (found,) = tried("x = blob(a, 1e9)", placed=False)
    (placed,) = tried("x = blob(a, 1e9)")
    assert found.message == placed.message
    assert found.span is None
    assert placed.span is not None


def test_what_draws_nothing_is_refused_at_the_word_process():
    text = (
        f"model m\nobserve x: {IMAGE}\nlatent z: normal[1]\n"
        "process {\n  a = 1\n  x = blob(a, a)\n}\n"
    )
    reading = read(Source("test.dag", text))
    assert reading.spec is not None
    (found,) = fails(reading.spec, reading.file)
    assert found.message == "every example of this `process` would be the same"
    assert found.span is not None
    assert (found.span.start, found.span.end) == (
        text.index("process"),
        text.index("process") + len("process"),
    )


def test_a_process_that_runs_and_a_spec_without_one_are_silent():
    assert tried("x = blob(a, 0.5)") == ()
    reading = read(Source("t.dag", f"model m\nobserve x: {IMAGE}\nlatent z: normal[1]"))
    assert reading.spec is not None
    assert fails(reading.spec, reading.file) == ()
