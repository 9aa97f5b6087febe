"""`dagspec datasets`, as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dagspec.cli import main
from dagspec.data import DATASETS


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["datasets", *arguments])
    return int(stopped.value.code or 0)


def test_a_line_a_data_set_in_the_order_of_the_table(capsys) -> None:
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1)[0].split(":")[0].rstrip("[") for line in lines] == [
        *DATASETS
    ]


@pytest.mark.parametrize("name", DATASETS)
def test_a_line_says_what_is_declared(name: str, capsys) -> None:
    run()
    declared = DATASETS[name]
    (line,) = (
        line
        for line in capsys.readouterr().out.splitlines()
        if line.replace("[", " ").replace(":", " ").split()[0] == name
    )
    assert declared.text in line
    for column in declared.columns or ():
        assert str(column) in line
    if declared.shape:
        assert f" {'x'.join(map(str, declared.shape))} " in line


def test_how_an_argument_is_given(capsys) -> None:
    run()
    out = capsys.readouterr().out
    assert "\nfolder:DIR " in out
    assert "\ndsprites_correlated[:STRENGTH] " in out
    assert "\ndigits " in out


def test_json_is_the_same_as_data(capsys) -> None:
    assert run("--json") == 0
    records = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(records) == list(DATASETS)
    assert records["digits"] == {
        "name": "digits",
        "form": "digits",
        "text": DATASETS["digits"].text,
        "shape": [1, 8, 8],
        "columns": [{"name": "digit", "kind": "class", "classes": 10, "period": None}],
    }
    assert records["folder"]["form"] == "folder:DIR"
    assert records["folder"]["shape"] is None
    assert records["folder"]["columns"] is None


def test_nothing_slow_is_imported() -> None:
    code = (
        "import sys\n"
        "from dagspec.cli import main\n"
        "try:\n    main(['datasets'])\n"
        "except SystemExit: pass\n"
        "slow = {'numpy', 'PIL', 'sklearn', 'torch'} & set(sys.modules)\n"
        "sys.exit(f'{slow} imported' if slow else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
