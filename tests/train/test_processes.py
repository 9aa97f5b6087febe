"""Several processes that share a batch do what one would do with all of it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from dagspec.checkpoint import Shelf
from dagspec.compiler import build_model, parse
from dagspec.data import DataError
from dagspec.objective import Horizon, Objective
from dagspec.train import TrainError
from dagspec.train.batches import Examples
from dagspec.train.fitting import _ReadByAll
from dagspec.train.processes import Processes, check_processes
from tests.train.killing import ENVIRONMENT, wait_for_rows
from tests.train.runs import assert_same, events, run

# Stages 2 and 3 are read by no head, so their way up has parameters without a gradient.
SHARED = """\
model shared "Everything that looks at more than one example."
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8, 8], readout = 2 }
latent digit: categorical[10] { label = "digit", labels = 50%, weight = 10, at = 1 }
latent style: normal[2] { free_bits = 0.5, at = 1 }
digit -> style
objective { warmup = linear(50%), free_bits = 0.1, spectral = 0.01 }
training { data = digits, batch = 32, steps = 120, clip = 10, ema = 0.9, log_every = 7,
  validate_every = 50 steps, validate_on = 60, checkpoint_every = 11 steps,
  workers = 1 }
"""
LAUNCH = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


def start(out: Path, text: str = SHARED, *options: str) -> subprocess.Popen[str]:
    """Start two processes that train, or go on with, one model."""
    file = out.with_suffix(".dag")
    file.write_text(text)
    command = [*LAUNCH, "-m", "dagspec", "train", str(file), "--out", str(out)]
    return subprocess.Popen(
        [sys.executable, *command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def finish(out: Path, *options: str) -> None:
    process = start(out, SHARED, *options)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors


def kill_all(process: subprocess.Popen[str]) -> None:
    """SIGKILL for torchrun and for those that it started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)],
        capture_output=True,
        text=True,
        check=True,
    )
    own = [int(word) for word in found.stdout.split()]
    assert len(own) == 2
    process.kill()
    for each in own:
        os.kill(each, signal.SIGKILL)
    process.communicate(timeout=300)


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """What two processes made of `SHARED`."""
    out = tmp_path_factory.mktemp("shared") / "run"
    finish(out)
    return out


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "metrics.csv").open() as file:
        return list(csv.DictReader(file))


def test_two_processes_do_what_one_does(shared, tmp_path):
    run(tmp_path / "alone", SHARED)
    alone, together = rows(tmp_path / "alone"), rows(shared)
    assert len(together) == len(alone) == 18 + 3
    for one, two in zip(alone, together, strict=True):
        assert one.keys() == two.keys()
        for column, value in one.items():
            if column == "split" or value == "":
                assert two[column] == value
            else:
                # In float32 a sum in another order is another number, by 1e-7 of it;
                # each step hands the difference on to the next.
                expected = pytest.approx(float(value), rel=2e-6, abs=1e-6)
                assert float(two[column]) == expected, (one["step"], column)
    (first, _), (second, _) = (
        Shelf(folder / "checkpoints").newest()
        for folder in (tmp_path / "alone", shared)
    )
    assert first is not None
    assert second is not None
    assert first.tensors.keys() == second.tensors.keys()
    assert first.spec == second.spec
    # A power iteration between two near singular values amplifies any difference, so
    # its vectors are not compared.
    for part in ("model", "average"):
        others = second.part(part)
        for name, tensor in first.part(part).items():
            assert torch.allclose(tensor, others[name], 1e-3, 1e-5), (part, name)


def test_what_two_processes_do_is_written_once(shared):
    names = {path.name for path in shared.iterdir()}
    assert len([*(shared / "tensorboard").iterdir()]) == 1
    assert {"run.json", "status.json", "notes.md", "metrics.csv"} <= names
    assert json.loads((shared / "status.json").read_text())["state"] == "finished"
    for tag, found in events(shared).items():
        steps = [step for step, _ in found]
        assert len({*steps}) == len(steps), tag


def test_two_processes_that_are_stopped_and_killed_go_on(shared, tmp_path):
    out = tmp_path / "run"
    stopped = start(out)
    wait_for_rows(out, stopped, 3)
    stopped.send_signal(signal.SIGTERM)
    _, errors = stopped.communicate(timeout=300)
    assert stopped.returncode == 1, errors  # torchrun's own; it had to end its workers
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "stopped"
    assert status["reason"] == f"SIGTERM after step {status['step']}"
    saved = max((out / "checkpoints").glob("step-*")).name
    assert saved == f"step-{status['step']:09}.safetensors"
    assert errors.count("stopped: SIGTERM") == 1

    killed = start(out, SHARED, "--continue-training")
    wait_for_rows(out, killed, len(rows(out)) + 3)
    kill_all(killed)
    status = json.loads((out / "status.json").read_text())
    assert status["state"] == "running"
    finish(out, "--continue-training")
    assert_same(shared, out)


def test_what_cannot_be_shared_is_refused_in_one_line(tmp_path):
    process = start(tmp_path / "run", SHARED.replace("batch = 32", "batch = 33"))
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 1
    told = [line for line in errors.splitlines() if line.startswith("error: ")]
    assert told == [
        "error: `batch = 33` cannot be shared out evenly among 2 processes: take a "
        "multiple of 2"
    ]
    assert "dagspec/train" not in errors  # no traceback of ours
    assert not (tmp_path / "run").exists()


def test_a_number_that_is_not_finite_in_one_process_ends_both(tmp_path):
    x = np.random.default_rng(0).normal(size=(64, 6)).astype(np.float32)
    # A batch is all there is, so one process alone meets it, in the first step.
    x[7] = 1e30
    np.savez(tmp_path / "x.npz", x=x, split=np.repeat([0, 1], [60, 4]))
    text = f"""\
model poisoned "One example is too large to be squared."
observe x: normal[6]
features {{ widths = [8] }}
latent a: normal[2]
training {{ data = "npz:{tmp_path / "x.npz"}", batch = 60, steps = 40 }}
"""
    out = tmp_path / "run"
    process = start(out, text)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    reason = json.loads((out / "status.json").read_text())["reason"]
    assert reason.startswith(
        "step 1 gave a number that is not finite; it first appeared"
    )
    assert errors.count(reason) == 1
    assert "dagspec/train" not in errors
    with np.load(out / "not_finite.npz") as kept:
        assert kept["x"].shape == (30, 6)
        assert kept["x"].max() > 1e29


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("batch = 32", "batch = 33"), "take a multiple of 2"),
        (("readout = 2", "readout = 2, norm = batch"), "`norm = batch` normalises"),
        (("readout = 2", "readout = 2, block = nvae"), "`block = nvae` normalises"),
    ],
)
def test_what_processes_would_compute_differently_is_refused(change, said):
    spec = parse(SHARED.replace(*change))
    check_processes(spec, Processes())
    with pytest.raises(TrainError, match=said) as caught:
        check_processes(spec, Processes(rank=1, count=2, local=2))
    assert "\n" not in str(caught.value)


def test_machines_have_equally_many_processes():
    with pytest.raises(TrainError, match="same number of processes"):
        check_processes(parse(SHARED), Processes(rank=0, count=32, local=3))


class Threads:
    """Stand-ins for processes: they meet in `all_reduce`."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.barrier = threading.Barrier(count, timeout=30)
        self.own = threading.local()
        self.given: dict[int, torch.Tensor] = {}

    def all_reduce(self, tensor: torch.Tensor) -> None:
        self.given[self.own.rank] = tensor.clone()
        self.barrier.wait()
        total = torch.stack([self.given[rank] for rank in range(self.count)]).sum(0)
        self.barrier.wait()
        tensor.copy_(total)

    def run(self, work) -> list:
        results: list = [None] * self.count

        def one(rank: int) -> None:
            self.own.rank = rank
            results[rank] = work(Processes(rank, self.count, self.count))

        threads = [threading.Thread(target=one, args=[r]) for r in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results


@pytest.mark.parametrize(
    "objective",
    ["beta = 1, free_bits = 2", "capacity = linear(2, 5, 50 steps)", "beta = 4"],
)
def test_the_mean_of_all_gradients_is_that_of_the_whole_batch(objective, monkeypatch):
    text = SHARED.replace("warmup = linear(50%), free_bits = 0.1", objective)
    text = text.replace("free_bits = 0.5, ", "")
    spec = parse(text)
    x = torch.rand(8, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    # Missing labels are not spread evenly.
    factors = {"digit": torch.tensor([3, -1, -1, -1, 4, 5, 6, 7])}
    keys = torch.arange(8)
    noise = build_model(spec).noise(8, seed=3)

    def gradients(processes: Processes) -> list[torch.Tensor]:
        model, part = build_model(spec), processes.share(8)
        loss = Objective(spec, model, mean=processes.mean)(
            model(x[part], {name: value[part] for name, value in noise.items()}),
            {"digit": factors["digit"][part]},
            keys[part],
            10,
            Horizon(100, 10),
        )
        loss.total.backward()
        return [p.grad for p in model.parameters() if p.grad is not None]

    whole = gradients(Processes())
    threads = Threads(2)
    monkeypatch.setattr("torch.distributed.all_reduce", threads.all_reduce)
    first, second = threads.run(gradients)
    for expected, one, two in zip(whole, first, second, strict=True):
        torch.testing.assert_close((one + two) / 2, expected, rtol=1e-4, atol=1e-5)


class Told(Processes):
    """A process whose fellow says something."""

    def any(self, value: int) -> int:
        return 1

    def gather(self, own: str) -> list[str]:
        return [own, "b.jpg is broken"]


def test_an_example_that_another_process_cannot_read_ends_this_one_too():
    x = torch.zeros(1)
    read: Examples = {"x": x, "factors": {}, "keys": x}
    with pytest.raises(DataError, match=r"b\.jpg is broken"):
        next(iter(_ReadByAll([read], 1, Told(count=2))))


def test_processes_that_start_at_different_steps_are_refused(monkeypatch):
    def all_reduce(tensor, _):
        tensor.copy_(torch.maximum(tensor, torch.tensor(0)))

    monkeypatch.setattr("torch.distributed.all_reduce", all_reduce)
    Processes(count=2).agree(0)
    with pytest.raises(TrainError, match="a disk that all machines share"):
        Processes(count=2).agree(40)
