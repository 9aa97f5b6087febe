"""`dagspec explain`, as a user calls it."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from dagspec.cli.explain import explain
from dagspec.spec.errors import all_explanations


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(explain)
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("code", all_explanations())
def test_prints_the_long_form_with_both_examples(code: str) -> None:
    known, done = all_explanations()[code], run(code)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{known.severity} {code}: {known.title}\n")
    for part in (known.text, known.wrong, known.mended):
        for line in part.strip().splitlines():
            assert line.rstrip() in done.stdout


def test_small_letters_do() -> None:
    assert run("e203").stdout == run("E203").stdout


def test_lists_all_codes() -> None:
    lines = run().stdout.splitlines()
    assert [line[:4] for line in lines] == list(all_explanations())


def test_an_unknown_code_is_misuse_and_gets_a_near_one() -> None:
    done = run("207")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "there is no diagnostic `207`; did you mean E207?" in done.stderr


def test_without_a_near_one_the_list_is_named() -> None:
    assert "`dagspec explain` lists all" in run("nonsense").stderr


def test_json_is_the_same_as_data() -> None:
    record = json.loads(run("E203", "--json").stdout)
    assert record["title"] == all_explanations()["E203"].title
    assert len(json.loads(run("--json").stdout)) == len(all_explanations())
