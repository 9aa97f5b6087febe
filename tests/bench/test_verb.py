from __future__ import annotations

import json
from pathlib import Path

import pytest

from dagspec.bench.parts import PARTS
from dagspec.cli import main

TEXT = "model tiny\nobserve image: bernoulli[1, 8, 8]\nlatent a: normal[2]\n"
SHORT = ("--steps", "1", "--batch", "3", "--threads", "1")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tiny.dag"
    path.write_text(TEXT)
    return str(path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["bench", *arguments])
    return int(ended.value.code or 0)


def test_json_is_the_whole_report(file: str, capsys) -> None:
    assert run(file, *SHORT, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["name"], printed["batch"], printed["steps"]) == ("tiny", 3, 1)
    assert printed["threads"] == 1


def test_text_has_a_line_a_part(file: str, capsys) -> None:
    run(file, *SHORT)
    lines = capsys.readouterr().out.splitlines()
    for part in PARTS:
        assert any(line.startswith(part) for line in lines), part


def test_text_says_what_it_is_beside(file: str, capsys) -> None:
    run(file, *SHORT)
    assert "one flat latent" in capsys.readouterr().out


def test_a_wrong_file_is_the_users_mistake(tmp_path: Path, capsys) -> None:
    path = tmp_path / "bad.dag"
    path.write_text(TEXT + "a -> a\n")
    assert run(str(path)) == 1
    assert capsys.readouterr().out == ""


def test_no_steps_are_misuse(file: str) -> None:
    assert run(file, "--steps", "0") == 2
