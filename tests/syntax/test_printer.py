"""The canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from dagspec.diagnostic import DagSpecError, Source
from dagspec.syntax import format as format_legal
from dagspec.syntax.parse import parse
from dagspec.syntax.printer import format_text
from tests.syntax.texts import SPECS, legal_texts, mangled_texts


def check_laws(text: str) -> None:
    printed = format_legal(text)
    before, _ = parse(Source("test.dag", text))
    after, diagnostics = parse(Source("test.dag", printed))
    assert diagnostics == ()
    assert after == before
    comments = [each.text.rstrip() for each in before.comments]
    assert [each.text for each in after.comments] == comments
    assert format_legal(printed) == printed
    assert not any(line != line.rstrip() for line in printed.split("\n"))
    assert "\n\n\n" not in printed
    assert not printed.startswith("\n")
    assert printed == "" or (printed.endswith("\n") and not printed.endswith("\n\n"))


@pytest.mark.parametrize("text", SPECS)
def test_laws_hold_for_every_spec(text: str) -> None:
    check_laws(text)


@given(legal_texts())
@settings(max_examples=120)
def test_laws_hold_for_every_layout(text: str) -> None:
    check_laws(text)


@given(mangled_texts())
def test_a_text_with_errors_is_refused(text: str) -> None:
    _, diagnostics = parse(Source("test.dag", text))
    if not diagnostics:
        check_laws(text)
        return
    with pytest.raises(DagSpecError) as refused:
        format_text(Source("test.dag", text))
    assert refused.value.diagnostics == diagnostics


CASES = {
    "columns of nodes are aligned": (
        """\
latent shape: categorical[3] {label="shape"}
latent scale:normal[1]
latent orientation :normal[2]{ at=3 }
latent pos_x,pos_y: normal[1] "a place"
""",
        """\
latent shape:        categorical[3]           { label = "shape" }
latent scale:        normal[1]
latent orientation:  normal[2]                { at = 3 }
latent pos_x, pos_y: normal[1]      "a place"
""",
    ),
    "columns of sections are aligned": (
        "objective {beta=1}\ntraining {batch=64}\n",
        "objective { beta = 1 }\ntraining  { batch = 64 }\n",
    ),
    "a blank line ends a block, a comment does not": (
        "latent a: x[1]\n# why\nlatent abc: x[1]\n\n\n\nlatent abcde: x[1]\n",
        "latent a:   x[1]\n# why\nlatent abc: x[1]\n\nlatent abcde: x[1]\n",
    ),
    "a very wide cell does not push the others": (
        "latent a: x[1]\nlatent " + "bbbbbbbbbb, " * 4 + "c: x[1]\n",
        "latent a: x[1]\nlatent " + "bbbbbbbbbb, " * 4 + "c: x[1]\n",
    ),
    "edges are not aligned": (
        "a->b\nabc ,d-> e,f\n",
        "a -> b\nabc, d -> e, f\n",
    ),
    "comments behind lines are aligned": (
        "a -> b # one\nabc -> d     # two\n",
        "a -> b    # one\nabc -> d  # two\n",
    ),
    "braces that open a line stay open": (
        "training {\nbatch=64,seed = 0\n\n# why\nsteps=1}\n",
        "training {\n  batch = 64\n  seed  = 0\n\n  # why\n  steps = 1\n}\n",
    ),
    "braces that do not are joined": (
        "training { batch=64\nseed = 0\n}\n",
        "training { batch = 64, seed = 0 }\n",
    ),
    "a long line opens its braces": (
        "training { " + ", ".join(f"option_{n} = {n}" for n in range(8)) + " }\n",
        "training {\n" + "".join(f"  option_{n} = {n}\n" for n in range(8)) + "}\n",
    ),
    "a long edge breaks after a comma": (
        ", ".join(["a" * 20] * 5) + " -> b\n",
        ", ".join(["a" * 20] * 4) + ",\n    " + "a" * 20 + " -> b\n",
    ),
    "a list with comments has a line for each item": (
        "features { widths = [32, # one\n64,\n# two\n[1,2]] }\n",
        """\
features {
  widths = [
    32,  # one
    64,
    # two
    [1, 2]
  ]
}
""",
    ),
    "comments between names stay there": (
        "a, # one\nb -> # two\n# three\nc # four\n",
        "a,        # one\n    b ->  # two\n    # three\n    c  # four\n",
    ),
    "comments at braces stay there": (
        "training { # one\n# two\nbatch = 1 # three\n# four\n} # five\n",
        "training {  # one\n  # two\n  batch = 1  # three\n  # four\n}  # five\n",
    ),
    "numbers and strings are left as they are": (
        'training { a = 20_000, b = 1e-3, c = 30 %, d = 5steps, e = "\\u00e9é" }\n',
        'training { a = 20_000, b = 1e-3, c = 30%, d = 5 steps, e = "\\u00e9é" }\n',
    ),
    "commas at an end are dropped": (
        "training { a = [1, 2,], b = f(x,), }\n",
        "training { a = [1, 2], b = f(x) }\n",
    ),
    "empty braces of a node are dropped, those of a section are not": (
        "latent a: normal[1] {}\nfeatures { }\n",
        "latent a: normal[1]\nfeatures {}\n",
    ),
    "line ends, indents and blank ends are made equal": (
        "\r\n\r\n  a -> b  \r\n\tb->c   # why  \r\n\r\n",
        "a -> b\nb -> c  # why\n",
    ),
    "signs of a process are aligned, operators have space": (
        "process {\na~normal( 0,1 ) # one\nlonger =-a**2- -3*(a+ 1)/2<=a-0.5\n}\n",
        """\
process {
  a      ~ normal(0, 1)  # one
  longer = -a ** 2 - -3 * (a + 1) / 2 <= a - 0.5
}
""",
    ),
    "a short process stays on its line": (
        "process{a ~ normal(-1,2),x=mlp(a , seed=1)}\n",
        "process { a ~ normal(-1, 2), x = mlp(a, seed = 1) }\n",
    ),
    "parentheses stay as they are": (
        "process { a = ((b)) }\n",
        "process { a = ((b)) }\n",
    ),
    "a long list of renderers has a line for each": (
        "process {\nx = [blob(x = "
        + "a" * 50
        + ", y = 1), bar(length = "
        + "b" * 40
        + ")]\n}\n",
        "process {\n  x = [\n    blob(x = "
        + "a" * 50
        + ", y = 1),\n    bar(length = "
        + "b" * 40
        + ")\n  ]\n}\n",
    ),
    "comments within a line of a process stay there": (
        "process {\na = (b # why\n+ 1)\n}\n",
        "process {\n  a = (\n    b  # why\n        + 1\n  )\n}\n",
    ),
    "nothing stays nothing": ("\n\n", ""),
}


@pytest.mark.parametrize(("text", "printed"), CASES.values(), ids=CASES.keys())
def test_form(text: str, printed: str) -> None:
    assert format_legal(text) == printed


def test_the_sample_of_the_language_keeps_its_columns() -> None:
    path = Path(__file__).parents[2] / "specs" / "dsprites.dag"
    columns = [
        line.split("#")[0].rstrip() for line in path.read_text("utf-8").split("\n")
    ]
    printed = format_legal(path.read_text("utf-8")).split("\n")
    assert [line.split("#")[0].rstrip() for line in printed] == columns
