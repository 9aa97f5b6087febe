"""Runs side by side: what differs, what came of it, seeds taken together."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from PIL import Image

from dagspec.runs import (
    Comparison,
    RunError,
    RunFolder,
    compare,
    comparison_text,
    write_comparison,
)
from tests.runs.made_up import SPEC, make_run, record, status


def rows(text: str, title: str = "") -> list[list[str]]:
    """Cells of the first table below a title."""
    lines = text.split(f"## {title}\n")[-1] if title else text
    table = [line for line in lines.split("\n## ")[0].splitlines() if line[:1] == "|"]
    return [
        [cell.strip("` *") for cell in line.strip("|").split(" | ")] for line in table
    ]


def column(text: str, name: str, title: str = "") -> list[str]:
    head, _, *body = rows(text, title)
    return [row[head.index(name)] for row in body]


def sweep(tmp_path: Path) -> Comparison:
    folders = [
        make_run(
            tmp_path / f"beta={beta},seed={seed}",
            beta,
            seed,
            status(best=(2800, -58.0 - beta - seed)),
        )
        for beta in (1, 4)
        for seed in (0, 1, 2)
    ]
    return compare(folders)


def test_only_what_differs_is_a_column(tmp_path: Path):
    runs = [make_run(tmp_path / "a", beta=1), make_run(tmp_path / "b", beta=4)]
    assert rows(comparison_text(compare(runs)))[0] == [
        *("run", "objective.beta", "state", "step", "best ELBO", "last ELBO", "KL"),
        *("shape.accuracy", "pos_x.rmse", "pos_x.r2", "collapsed"),
    ]


def test_a_row_has_the_numbers_of_its_run(tmp_path: Path):
    late = status(best=(10, -70.0), labels={"shape.accuracy": 0.5}, state="stopped")
    runs = [make_run(tmp_path / "a"), make_run(tmp_path / "b", beta=4, state=late)]
    first, second = rows(comparison_text(compare(runs)))[2:]
    assert first[:7] == ["a", "1", "finished", "3,000", "-58.23", "-58.90", "4.44"]
    assert first[7:] == ["0.934", "0.021", "0.99", "_odd_"]
    assert second[:7] == ["b", "4", "stopped", "3,000", "-70.00", "-58.90", "4.44"]
    assert second[7:] == ["0.5", "-", "-", "_odd_"]


def test_the_best_is_bold(tmp_path: Path):
    better = status(best=(10, -50.0))
    runs = [make_run(tmp_path / "a"), make_run(tmp_path / "b", state=better)]
    text = comparison_text(compare(runs))
    assert "| **-50.00** |" in text
    assert text.count("**") == 2


def test_what_the_command_line_changed_is_a_difference(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    record(data="npz:a|b.npz", steps=100, batch=8).write(runs[1].record_file)
    text = comparison_text(compare(runs))
    assert column(text, "training.steps") == ["3000", "100"]
    assert column(text, "training.batch") == ["64", "8"]
    assert column(text, "training.data") == ["dsprites", r"npz:a\|b.npz"]


def test_elbos_of_other_data_are_not_compared(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    record(data="digits").write(runs[1].record_file)
    text = comparison_text(compare(runs))
    assert "their ELBOs cannot be compared." in text
    assert "**" not in text


def test_an_edge_and_a_concept_that_one_lacks_are_one_column_each(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    text = runs[1].spec_file.read_text().replace("shape -> scale", "shape -> pos_x")
    text = text.replace("_odd_:", "other:")
    runs[1].spec_file.write_text(text)
    assert set(compare(runs).settings) == {
        *("shape -> pos_x", "shape -> scale", "latent._odd_", "latent.other")
    }


def test_how_a_value_is_written_is_no_difference(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    text = runs[1].spec_file.read_text()
    runs[1].spec_file.write_text(
        text.replace("beta = 1", "beta = 1.0").replace("steps = 3_000", "steps = 3000")
    )
    assert compare(runs).settings == ()


def test_a_length_in_epochs_is_told_in_steps(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    text = runs[1].spec_file.read_text()
    runs[1].spec_file.write_text(text.replace("steps = 3_000", "epochs = 2"))
    assert compare(runs).settings == ()


def test_many_differences_are_counted(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    text = SPEC.replace("BETA", "1").replace("SEED", "0")
    names = ", ".join(f"new{number}" for number in range(20))
    runs[1].spec_file.write_text(f"{text}latent {names}: normal[1]\n")
    text = comparison_text(compare(runs))
    assert len(rows(text)[0]) == 12 + 10
    assert "They also differ in 8 other settings, such as latent.new12." in text


def test_seeds_are_taken_together(tmp_path: Path):
    comparison = sweep(tmp_path)
    text = comparison_text(comparison)
    assert rows(text, "Over seeds")[0][:3] == ["objective.beta", "n", "best ELBO"]
    assert column(text, "objective.beta", "Over seeds") == ["1", "4"]
    assert column(text, "n", "Over seeds") == ["3", "3"]
    # -59, -60, -61: their variance is 2 / (3 - 1).
    best = ["-60.00 ± 1.00", "-63.00 ± 1.00"]
    assert column(text, "best ELBO", "Over seeds") == best


def test_a_seed_without_an_elbo_is_counted(tmp_path: Path):
    failed = status(state="failed", best=None, last=None, concepts={}, labels={})
    runs = [make_run(tmp_path / f"{seed}", seed=seed) for seed in (0, 1)]
    runs.append(make_run(tmp_path / "2", seed=2, state=failed))
    text = comparison_text(compare(runs))
    assert column(text, "n", "Over seeds") == ["3, 1 unfinished"]
    assert column(text, "best ELBO", "Over seeds") == ["-58.23 ± 0.00 (n = 2)"]


def test_a_seed_that_is_no_number_spreads(tmp_path: Path):
    failed = status(best=(1, math.nan))
    runs = [make_run(tmp_path / "0"), make_run(tmp_path / "1", seed=1, state=failed)]
    assert "| nan |" in comparison_text(compare(runs)).split("## Over seeds")[1]


def test_the_same_seed_twice_is_no_group(tmp_path: Path):
    runs = [make_run(tmp_path / "0"), make_run(tmp_path / "1")]
    assert compare(runs).seeds == ()


def test_a_run_that_only_started_has_a_row(tmp_path: Path):
    runs = [make_run(tmp_path / "a"), make_run(tmp_path / "b")]
    runs[1].status_file.unlink()
    runs[1].metrics_file.unlink()
    text = comparison_text(compare(runs))
    assert column(text, "state") == ["finished", "started"]
    assert column(text, "best ELBO") == ["-58.23", "-"]


def test_runs_of_one_name_are_told_apart_by_their_paths(tmp_path: Path):
    runs = [make_run(tmp_path / name / "run") for name in "ab"]
    names = [str(tmp_path / name / "run") for name in "ab"]
    assert column(comparison_text(compare(runs)), "run") == names


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("run.json", "run.json is damaged"),
        ("status.json", "status.json is damaged"),
        ("metrics.csv", "metrics.csv:1: "),
        ("spec.dag", "spec.dag is damaged: "),
    ],
)
def test_a_damaged_run_is_named_and_the_rest_is_shown(
    tmp_path: Path, name: str, reason: str
):
    runs = [make_run(tmp_path / each) for each in "abc"]
    (runs[1].path / name).write_text("{ damaged\n")
    comparison = compare(runs)
    assert [each.name for each in comparison.runs] == ["a", "c"]
    assert len(comparison.damaged) == 1
    assert reason in comparison.damaged[0]
    assert "Left out, since they cannot be read:" in comparison_text(comparison)


def test_a_run_without_its_spec_is_damaged(tmp_path: Path):
    runs = [make_run(tmp_path / "a")]
    runs[0].spec_file.unlink()
    assert compare(runs).damaged == (f"{runs[0].spec_file} is missing",)


def test_a_model_above_the_usual_limits_is_compared(tmp_path: Path):
    runs = [make_run(tmp_path / name) for name in "ab"]
    text = runs[0].spec_file.read_text()
    wide = "features { widths = [32_000, 32_000] }\n"
    for run in runs:
        run.spec_file.write_text(text + wide)
    assert compare(runs).damaged == ()


def test_the_record_is_plain_data(tmp_path: Path):
    bad = status(last=(3000, math.nan), labels={"shape.accuracy": math.inf})
    runs = [make_run(tmp_path / "a"), make_run(tmp_path / "b", seed=1, state=bad)]
    record = compare([*runs, RunFolder(tmp_path / "nowhere")]).record()
    back = json.loads(json.dumps(record, allow_nan=False))
    assert back["settings"] == ["training.seed"]
    first, second = back["runs"]
    assert first["best"] == {"step": 2800, "elbo": -58.231}
    assert first["settings"] == {"training.seed": "0"}
    assert first["collapsed"] == ["_odd_"]
    assert second["last"] == {"step": 3000, "elbo": None}
    assert second["results"]["shape.accuracy"] is None
    assert back["seeds"][0]["runs"] == ["a", "b"]
    assert back["seeds"][0]["results"]["best ELBO"]["n"] == 2
    assert "nowhere is no run" in back["damaged"][0]


def test_page_and_picture_are_written_side_by_side(tmp_path: Path):
    runs = [make_run(tmp_path / name, beta=at) for at, name in enumerate("ab")]
    write_comparison(compare(runs), tmp_path / "table.md")
    assert "\n![Curves of the runs](table.png)\n" in (tmp_path / "table.md").read_text()
    with Image.open(tmp_path / "table.png") as image:
        assert image.format == "PNG"


@pytest.mark.parametrize("name", ["_a", "$\\frac$", "形 ∀", "a" * 200])
def test_no_name_breaks_the_picture(tmp_path: Path, name: str):
    runs = [make_run(tmp_path / name), make_run(tmp_path / "b")]
    write_comparison(compare(runs), tmp_path / "table.md")
    assert (tmp_path / "table.png").stat().st_size > 10_000


def test_without_a_curve_there_is_no_picture(tmp_path: Path):
    run = make_run(tmp_path / "a")
    run.metrics_file.unlink()
    write_comparison(compare([run]), tmp_path / "table.md")
    assert "![" not in (tmp_path / "table.md").read_text()
    assert not (tmp_path / "table.png").exists()


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path):
    with pytest.raises(RunError, match=r"^cannot write .*: No such file or directory$"):
        write_comparison(compare([]), tmp_path / "nowhere/table.md")
