"""Sweeps: values, combinations, names of folders, and what is done already."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dagspec.runs import (
    Metrics,
    RunError,
    RunFolder,
    Sweep,
    SweepError,
    combine,
    is_finished,
    parse_sweep,
)
from tests.runs.made_up import record, status


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("objective.beta=1,4,16", ("1", "4", "16")),
        (" objective.beta = 1 , 4 ", ("1", "4")),
        ("objective.beta=4", ("4",)),
        (
            "objective.warmup=linear(10%),cosine(500 steps)",
            ("linear(10%)", "cosine(500 steps)"),
        ),
        ("features.widths=[8, 16],[8, [1, 2]]", ("[8, 16]", "[8, [1, 2]]")),
        ("training.optimizer=adam(lr = 1, eps = 2),a", ("adam(lr = 1, eps = 2)", "a")),
        (r'latent.a.label="x,y","a\",(b"', ('"x,y"', r'"a\",(b"')),
        ("latent.pos_x.weight=0.5,2", ("0.5", "2")),
        ("training.data=npz:a=b.npz,dsprites", ("npz:a=b.npz", "dsprites")),
    ],
)  # fmt: skip
def test_values_are_parted_at_the_outer_commas(text: str, values: tuple[str, ...]):
    assert parse_sweep(text).values == values


def test_the_option_is_what_stands_before_the_first_equals_sign():
    text = "training.optimizer = adam(lr = 1e-3)"
    assert parse_sweep(text).option == "training.optimizer"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("objective.beta", "is no option with its values, such as objective.beta=1,4"),
        ("beta=1,2", "is no option"),
        ("=1,2", "is no option"),
        ("objective.be ta=1", "is no option"),
        ("", "is no option"),
        ("objective.beta=", "has an empty value"),
        ("objective.beta=1,,2", "has an empty value"),
        ("objective.beta=1,", "has an empty value"),
        ("objective.beta=1,4,1", "has one value twice: 1 and 1"),
        ("objective.beta=4,4.0", "has one value twice: 4 and 4.0"),
        ("a.b=f(1,  2),f(1, 2)", "has one value twice"),
        ("a.b=linear(1", "lacks a `)`"),
        ("a.b=[1,(2]", "closes a `]` that nothing opened"),
        ("a.b=1),2", "closes a `)` that nothing opened"),
        ('a.b="x,2', "opens a quote that nothing closes"),
    ],
)
def test_what_is_no_sweep_is_one_line(text: str, reason: str):
    with pytest.raises(SweepError, match=re.escape(reason)):
        parse_sweep(text)


def test_all_combinations_come_and_the_last_option_changes_fastest():
    sweeps = [Sweep("objective.beta", ("1", "4")), Sweep("training.seed", ("0", "1"))]
    assert [each.settings for each in combine(sweeps)] == [
        ("objective.beta=1", "training.seed=0"),
        ("objective.beta=1", "training.seed=1"),
        ("objective.beta=4", "training.seed=0"),
        ("objective.beta=4", "training.seed=1"),
    ]
    assert combine(sweeps)[3].folder == "objective.beta=4,training.seed=1"


def test_one_option_is_swept_once():
    with pytest.raises(SweepError, match=r"training\.seed is swept twice"):
        combine([parse_sweep("training.seed=0"), parse_sweep("training.seed=1")])


VALUES = (
    *("1", "1e-3", "-2", "20_000", "linear(10%)", "linear(10)", "linear 10", "[1, 2]"),
    *('"a/b"', "..", ".", "a.", "NUL", "nul", "Adam", "adam", '"ü"', '"形"', '"\\\\"'),
    *("x" * 300, "x" * 299, "(" * 300, '"a:b*?"', "~", "$HOME", '"\\n"'),
)


def test_names_of_folders_are_safe_and_never_the_same():
    names = [each.folder for each in combine([Sweep("a.b", VALUES)])]
    assert len({name.casefold() for name in names}) == len(VALUES)
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9._=,+-]{1,200}", name)
        assert not name.endswith(".")


def test_a_plain_value_stands_as_it_is_and_an_odd_one_is_still_readable():
    one, other = combine([Sweep("a.b", ("1e-3", "linear(10%)"))])
    assert one.folder == "a.b=1e-3"
    assert re.fullmatch(r"a\.b=linear_10-[0-9a-f]{6}", other.folder)


def test_a_name_depends_on_its_own_values_alone():
    few = combine([Sweep("a.b", ("f(2)",))])
    more = combine([Sweep("a.b", ("f 2", "f[2]", "f(2)"))])
    assert few[0] == more[2]


def test_many_options_make_no_name_too_long():
    sweeps = [Sweep(f"latent.concept_{n}.weight", ("1", "2")) for n in range(9)]
    names = {each.folder for each in combine(sweeps)}
    assert len(names) == 2**9
    assert max(map(len, names)) < 200


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("finished", True),
        ("running", False),
        ("stopped", False),
        ("failed", False),
    ],
)
def test_a_run_is_finished_only_if_it_says_so(
    tmp_path: Path, state: str, expected: bool
):
    folder = RunFolder.create(tmp_path)
    record().write(folder.record_file)
    status(state=state).write(folder.status_file)
    assert is_finished(folder) is expected


def test_a_run_that_was_killed_at_its_start_is_unfinished(tmp_path: Path):
    folder = RunFolder.create(tmp_path)
    record().write(folder.record_file)
    Metrics(folder.metrics_file, ("elbo",)).close()
    assert not is_finished(folder)


def test_no_folder_and_an_empty_one_are_not_finished(tmp_path: Path):
    assert not is_finished(RunFolder(tmp_path))
    assert not is_finished(RunFolder(tmp_path / "nowhere"))


def test_a_folder_of_other_things_is_no_run(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(RunError, match=r"other things, such as thesis\.tex"):
        is_finished(RunFolder(tmp_path))
