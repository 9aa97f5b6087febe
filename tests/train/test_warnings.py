"""What a run warns of: on the console once, and in its notes."""

from __future__ import annotations

import json

from dagspec.runs import RunStatus, read_metrics
from tests.train.runs import QUICK, TINY, changed, run

COLLAPSING = TINY.replace(
    "latent style: normal[2]", "latent style: normal[2] { kl_weight = 1000 }"
)


def test_a_concept_that_collapses_is_named_on_the_console_and_in_the_notes(
    tmp_path, capfd
):
    out = tmp_path / "run"
    text = COLLAPSING.replace("linear(50%)", "linear(5%)").replace(
        "steps = 40", "steps = 90"
    )
    assert run(out, text, quiet=False).code == 0
    said = [line for line in capfd.readouterr().err.splitlines() if "collapsed" in line]
    assert len(said) == 1
    assert said[0].startswith("warning: `style` has collapsed")
    notes = (out / "notes.md").read_text()
    assert "## Warnings" in notes
    assert "`style` has collapsed" in notes
    (warning,) = RunStatus.read(out / "status.json").warnings
    assert warning.startswith("`style` has collapsed")


def test_events_that_are_lost_are_told(cut, capfd):
    (file,) = (cut / "tensorboard").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert run(cut, continue_training=True, quiet=False).code == 0
    said = capfd.readouterr().err
    assert f"{file.name}" in said
    (warning,) = RunStatus.read(cut / "status.json").warnings
    assert f"warning: {warning}\n" in said
    assert warning[:40] in (cut / "notes.md").read_text()


def test_a_damaged_status_is_told_and_written_anew(cut, whole, capfd):
    (cut / "status.json").write_text("{")
    assert run(cut, continue_training=True, quiet=False).code == 0
    assert f"warning: {cut / 'status.json'} is damaged" in capfd.readouterr().err
    found, expected = (RunStatus.read(path / "status.json") for path in (cut, whole))
    assert found.concepts == expected.concepts
    assert (found.state, found.best) == (expected.state, expected.best)


def test_steps_of_no_length_are_told(tmp_path, capfd):
    out, text = tmp_path / "run", changed("schedule = cosine", text=QUICK)
    assert run(out, text).code == 0
    longer = text.replace("steps = 12", "steps = 14")
    assert run(out, longer, continue_training=True, quiet=False).code == 0
    assert "come to a learning rate of 0" in capfd.readouterr().err
    rates = read_metrics(out / "metrics.csv").get("train", "lr")
    assert rates.values[-1] == 0
    assert json.loads((out / "status.json").read_text())["state"] == "finished"


def test_a_schedule_that_is_not_over_is_no_matter(tmp_path, capfd):
    out, text = tmp_path / "run", changed("schedule = cosine(final = 1e-5)", text=QUICK)
    run(out, text)
    longer = text.replace("steps = 12", "steps = 13")
    assert run(out, longer, continue_training=True, quiet=False).code == 0
    assert "learning rate" not in capfd.readouterr().err
