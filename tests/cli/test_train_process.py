"""A run on a process that cannot be computed: what is said, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagspec.cli import main

SPEC = """\
model late
observe x: bernoulli[1, 16, 16]
features { widths = [4, 4], readout = 2 }
latent a: normal[1]
process {
  a ~ normal(0.5, STD)
  x = sprite(x = a, y = 0.5)
}
training { data = process, steps = 300, batch = 256, validate_on = 16 }
"""


def train(std: str, *arguments: str) -> int:
    Path("late.dag").write_text(SPEC.replace("STD", std))
    with pytest.raises(SystemExit) as stopped:
        main(["train", "late.dag", *arguments])
    return int(stopped.value.code or 0)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_is_met_at_once_leaves_nothing_behind(capfd):
    assert train("0.5") == 1
    err = capfd.readouterr().err
    assert err.startswith("error[E804]: `sprite`: the `x` `a` is ")
    assert " --> late.dag:7:18\n" in err
    assert not Path("runs").exists()


@pytest.mark.parametrize("workers", [0, 1])
def test_what_is_met_late_says_how_to_go_on(workers, capfd):
    """Half is 3.6 deviations away, so it is an example in 2,800."""
    assert train("0.14", "--set", f"training.workers={workers}") == 1
    err = capfd.readouterr().err
    assert "error: `sprite`: the `x` `a` is " in err
    # From a worker comes the text alone.
    assert ("say (late.dag:7:18). Going on" in err) == (workers == 0)
    assert (
        "mend the process, and train the mended file with --continue-training --adopt; "
        in err
    )
    assert "Traceback" not in err
    assert train("0.01", "--continue-training", "--adopt", "--steps", "2") == 0
    assert "finished after 2 steps" in capfd.readouterr().err
