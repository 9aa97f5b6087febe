"""notes.md: what it says of whole runs, and that it can always be written."""

from __future__ import annotations

import math
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dagspec.runs import (
    ConceptRow,
    Metrics,
    RunError,
    RunFolder,
    notes_text,
    read_metrics,
    read_run,
    write_notes,
)
from dagspec.runs.curves import draw_curves
from dagspec.runs.metrics import Split
from tests.runs.made_up import make_run, record, status, write_metrics

SPLITS: tuple[Split, ...] = ("train", "validation")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "a_run_")


def text_of(folder: RunFolder) -> str:
    return notes_text(read_run(folder))


def lines_under(text: str, title: str) -> list[str]:
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0].strip().splitlines()


def is_picture(path: Path) -> bool:
    with Image.open(path) as image:
        return image.format == "PNG" and len(np.unique(np.asarray(image))) > 10


def test_the_head_says_what_and_how_far(run: RunFolder):
    assert text_of(run).splitlines()[:8] == [
        "# dsprites: a_run\\_",
        "",
        "Five concepts | behind a `sprite` ∀",
        "",
        "**Finished** after 3,000 steps.",
        "",
        "Best ELBO **-58.23** at step 2,800, last **-58.90** at step 3,000 "
        "(validation, nats).",
        "",
    ]


def test_text_and_picture_are_written(run: RunFolder):
    write_notes(run)
    text = run.notes_file.read_text()
    assert text == notes_text(read_run(run), "curves.png")
    assert "\n![Curves of the run](curves.png)\n" in text
    assert is_picture(run.curves_file)


def test_the_table_of_concepts_is_in_the_order_declared(run: RunFolder):
    assert lines_under(text_of(run), "Concepts")[:6] == [
        "| concept | family | KL | active | μ | σ |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        "| `shape` | `normal[1]` | 4.00 | 1 of 1 | 0.01 ± 0.98 | 0.0213 |",
        "| `scale` | `normal[1]` | 0.40 | 1 of 1 | 0.01 ± 0.98 | 0.0213 |",
        "| `pos_x` | `normal[1]` | 0.04 | 1 of 1 | 0.01 ± 0.98 | 0.0213 |",
        "| `_odd_` | `normal[1]` | 0.004 | 0 of 1 | 0.01 ± 0.98 | 0.0213 |",
    ]


def test_what_a_family_lacks_is_left_open(run: RunFolder):
    row = ConceptRow(kl=1.0, active=1, units=1, dim=3, family="categorical")
    status(concepts={"shape": row}).write(run.status_file)
    row_text = "| `shape` | `categorical[3]` | 1.00 | 1 of 1 | - | - |"
    assert row_text in text_of(run)


def test_of_many_concepts_the_largest_are_listed(run: RunFolder):
    rows = {
        f"z{number}": ConceptRow(kl=number, active=0, units=1, dim=1, family="normal")
        for number in range(100)
    }
    status(concepts=rows).write(run.status_file)
    lines = lines_under(text_of(run), "Concepts")
    assert [line.split("`")[1] for line in lines[2:32]] == [
        f"z{number}" for number in range(99, 69, -1)
    ]
    rest = "70 more concepts have a KL of 2,415.00 nats together; 70 of them are not"
    assert lines[33].startswith(rest)


def test_labels_have_a_row_a_concept(run: RunFolder):
    assert lines_under(text_of(run), "Labels") == [
        "| concept | accuracy | rmse | r2 |",
        "| --- | ---: | ---: | ---: |",
        "| `shape` | 0.934 | - | - |",
        "| `pos_x` | - | 0.021 | 0.99 |",
    ]


def test_warnings_and_the_way_on_are_there(run: RunFolder):
    text = text_of(run)
    warning = "- `_odd_` has collapsed: its KL is 0.004 nats"
    assert lines_under(text, "Warnings") == [warning]
    command = "dagspec train --continue-training --out 'my runs/a'"
    assert lines_under(text, "To go on") == ["```sh", command, "```"]


def test_what_was_run_can_be_run_again(run: RunFolder):
    lines = lines_under(text_of(run), "What was run")
    assert "| length | 3,000 steps of 64 examples, 0.26 epochs |" in lines
    assert "| settings | `objective.warmup=linear(10%)` |" in lines
    assert "| parameters | 812,345 |" in lines
    assert "| versions | dagspec 0.1.0, torch 2.9.0 |" in lines
    command = "dagspec train specs/dsprites.dag --out 'my runs/a'"
    assert f"| command | `{command}` |" in lines


def test_the_spec_stands_whole(run: RunFolder):
    spec = run.spec_file.read_text().rstrip()
    assert "\n".join(lines_under(text_of(run), "Spec")) == f"```\n{spec}\n```"


def test_a_bar_in_a_value_ends_no_cell(run: RunFolder):
    record(data="npz:a|b.npz").write(run.record_file)
    assert "| data | `npz:a\\|b.npz` |" in text_of(run)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"state": "stopped", "step": 1200, "reason": "interrupted (SIGINT)."},
            "**Stopped** at step 1,200 of 3,000: interrupted (SIGINT).",
        ),
        (
            {"state": "failed", "step": 7, "reason": "`kl.pos_x` is nan"},
            "**Failed** at step 7 of 3,000: `kl.pos_x` is nan.",
        ),
        (
            {"state": "running", "step": 50},
            "**Not finished** at step 50 of 3,000, when it was last heard of.",
        ),
        (
            {"state": "finished", "step": 900, "reason": "no better ELBO in a row"},
            "**Finished** after 900 steps of 3,000: no better ELBO in a row.",
        ),
    ],
)
def test_every_end_has_its_sentence(
    run: RunFolder, changes: dict[str, object], sentence: str
):
    status(**changes).write(run.status_file)
    assert sentence in text_of(run).splitlines()


def test_the_record_alone_is_enough(tmp_path: Path):
    folder = RunFolder.create(tmp_path / "dsprites")
    record(epoch=math.nan, description="", command=()).write(folder.record_file)
    write_notes(folder)
    text = folder.notes_file.read_text()
    assert text.startswith("# dsprites\n\n**Started**; nothing is known of it yet.\n")
    assert "![" not in text
    assert not folder.curves_file.exists()


def test_a_run_without_a_validation_says_so(run: RunFolder):
    status(best=None, last=None, concepts={}, labels={}).write(run.status_file)
    text = text_of(run)
    assert "There was no validation yet." in text.splitlines()
    assert "## Concepts" not in text


def test_columns_without_a_row_draw_nothing(run: RunFolder):
    Metrics(run.metrics_file, ("elbo", "kl.a")).close()
    assert draw_curves(read_run(run).metrics) is None


@pytest.mark.parametrize(
    "values",
    [
        [math.nan, math.inf, -math.inf],
        [-1e308, 1e308],
        [0.0],
        [-5.0, 1e-300, 3.0],
        [1e30] * 10,
    ],
)
def test_no_number_breaks_the_picture(tmp_path: Path, values: list[float]):
    columns = ("elbo", "kl", "kl.a", "beta", "label.a.rmse", "label.a.r2")
    with Metrics(tmp_path / "metrics.csv", columns) as metrics:
        for step, value in enumerate(values):
            for split in SPLITS:
                metrics.append(step, split, dict.fromkeys(columns, value))
    table = read_metrics(tmp_path / "metrics.csv")
    assert draw_curves(table, ("a.rmse", "a.r2"))


def test_a_thousand_concepts_are_drawn(tmp_path: Path):
    run = make_run(tmp_path / "wide")
    write_metrics(run, tuple(f"z{number}" for number in range(1000)), labels=())
    write_notes(run)
    assert is_picture(run.curves_file)


def test_the_same_numbers_give_the_same_picture(run: RunFolder):
    table = read_run(run).metrics
    assert draw_curves(table) == draw_curves(table)


def test_huge_first_losses_do_not_flatten_the_rest(tmp_path: Path):
    heights: list[int] = []
    for first in (-60.0, -1e6):
        path = tmp_path / f"{first}.csv"
        with Metrics(path, ("elbo",)) as metrics:
            for step in range(100):
                elbo = first if step < 5 else -60 + step / 20
                metrics.append(step, "train", {"elbo": elbo})
        heights.append(height_of_ink(draw_curves(read_metrics(path))))
    assert heights[1] > 0.7 * heights[0] > 100


def height_of_ink(picture: bytes | None) -> int:
    """Pixels from the highest to the lowest of the right half of the pale curve."""
    with Image.open(BytesIO(picture or b"")) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    half = pixels[:, pixels.shape[1] // 4 : pixels.shape[1] * 3 // 4]
    blue = half[..., 2] - half[..., 0] > 60
    rows = np.flatnonzero(blue.any(axis=1))
    return int(rows[-1] - rows[0])


def test_the_page_can_be_written_elsewhere(run: RunFolder, tmp_path: Path):
    write_notes(run, tmp_path / "page.md")
    assert "(page.png)" in (tmp_path / "page.md").read_text()
    assert is_picture(tmp_path / "page.png")
    assert not run.notes_file.exists()


@pytest.mark.parametrize("name", ["run.json", "status.json", "metrics.csv"])
def test_a_damaged_file_is_named_and_the_old_notes_stay(run: RunFolder, name: str):
    run.notes_file.write_text("before")
    (run.path / name).write_text("{ damaged\n")
    with pytest.raises(RunError, match=name):
        write_notes(run)
    assert run.notes_file.read_text() == "before"


def test_neither_torch_nor_pyplot_is_imported(run: RunFolder):
    code = (
        "import sys; from pathlib import Path\n"
        "from dagspec.runs import RunFolder, write_notes\n"
        "assert 'matplotlib' not in sys.modules\n"
        f"write_notes(RunFolder(Path({str(run.path)!r})))\n"
        "print({'torch', 'matplotlib.pyplot'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "set()\n"
