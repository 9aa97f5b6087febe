"""A folder of checkpoints: whenever the process is killed, one of them is whole."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from dagspec.checkpoint import Checkpoint, CheckpointError, Shelf, read


def checkpoint(step: int) -> Checkpoint:
    return Checkpoint(step, "model m\n", {"model/a": torch.full((50,), step)}, {})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def step_name(step: int) -> str:
    return f"step-{step:09}.safetensors"


def newest_step(shelf: Shelf) -> int | None:
    found, _ = shelf.newest()
    return found.step if found else None


def test_the_last_three_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for step in (5, 10, 1_000_000_000, 2_000_000_000):
        assert shelf.put(checkpoint(step)) == tmp_path / step_name(step)
    kept = [step_name(step) for step in (10, 1_000_000_000, 2_000_000_000)]
    assert names(tmp_path) == sorted(kept)
    assert newest_step(shelf) == 2_000_000_000


def test_the_best_stays_beside_them(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, keep=1)
    shelf.put(checkpoint(1), best=True)
    shelf.put(checkpoint(2))
    assert names(tmp_path) == ["best.safetensors", step_name(2)]
    assert read(tmp_path / "best.safetensors").step == 1
    shelf.put(checkpoint(3), best=True)
    assert read(tmp_path / "best.safetensors").step == 3


def test_the_best_is_a_copy_of_its_own(tmp_path: Path) -> None:
    path = Shelf(tmp_path).put(checkpoint(1), best=True)
    path.write_bytes(b"")
    assert read(tmp_path / "best.safetensors").step == 1


def test_an_empty_shelf_has_no_newest(tmp_path: Path) -> None:
    assert Shelf(tmp_path / "not there").newest() == (None, ())
    assert not (tmp_path / "not there").exists()


def test_damaged_ones_are_passed_over_with_the_reason(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    paths = [shelf.put(checkpoint(step)) for step in (1, 2, 3)]
    paths[2].write_bytes(paths[2].read_bytes()[:-1])
    paths[1].write_bytes(b"")
    found, faults = shelf.newest()
    assert found is not None
    assert found.step == 1
    assert [str(each).split(": ")[:2] for each in faults] == [
        [str(paths[2]), "is truncated"],
        [str(paths[1]), "is empty"],
    ]


def test_the_best_is_the_last_resort(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put(checkpoint(1), best=True)
    shelf.put(checkpoint(2)).write_bytes(b"")
    assert newest_step(shelf) == 1
    (tmp_path / step_name(1)).write_bytes(b"")
    found, faults = shelf.newest()
    assert found is not None
    assert found.step == 1
    assert len(faults) == 2


def test_if_none_is_whole_every_fault_is_told(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put(checkpoint(1)).write_bytes(b"")
    found, faults = shelf.newest()
    assert found is None
    assert [type(each) for each in faults] == [CheckpointError]


def test_a_run_that_goes_on_earlier_leaves_no_later_ones(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for step in (1, 2, 3):
        shelf.put(checkpoint(step))
    shelf.put(checkpoint(2))
    assert names(tmp_path) == [step_name(1), step_name(2)]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    others = ("step-1.txt", "mine.safetensors", "a.partial", ".partial")
    for name in others:
        (tmp_path / name).touch()
    shelf = Shelf(tmp_path, keep=1)
    for step in (1, 2):
        shelf.put(checkpoint(step))
    assert set(names(tmp_path)) == {*others, step_name(2)}


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".0123456789abcdef.partial").touch()
    Shelf(tmp_path)
    assert names(tmp_path) == []


class Killed(BaseException):
    """Ends a process in a test; nothing that is patched works any more."""


@contextmanager
def killed_at(number: int, fails: Callable[[], BaseException]) -> Generator[list[str]]:
    """Fails at one of the operations on files, and after a kill at all later ones."""
    done: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patched = [
            (os, name) for name in ("open", "fsync", "chmod", "replace", "unlink")
        ]
        for module, name in [(io, "open"), *patched]:
            real = getattr(module, name)

            def operation(
                *arguments: Any, real: Any = real, name: str = name, **options: Any
            ) -> Any:
                done.append(name)
                failure = fails()
                again = isinstance(failure, Killed) and len(done) > number
                if len(done) == number or again:
                    raise failure
                return real(*arguments, **options)

            patch.setattr(module, name, operation)
        yield done


def full_disk() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def before(folder: Path) -> Shelf:
    shelf = Shelf(folder)
    for step in (1, 2, 3):
        shelf.put(checkpoint(step), best=step == 2)
    return shelf


def operations(folder: Path) -> int:
    shelf = before(folder)
    with killed_at(sys.maxsize, Killed) as done:
        shelf.put(checkpoint(4), best=True)
    assert {"open", "fsync", "replace", "unlink"} <= set(done)
    return len(done)


def test_killed_anywhere_it_has_the_last_or_the_new_one(tmp_path: Path) -> None:
    count = operations(tmp_path / "count")
    for number in range(1, count + 1):
        folder = tmp_path / str(number)
        shelf = before(folder)
        with killed_at(number, Killed), pytest.raises(Killed):
            shelf.put(checkpoint(4), best=True)
        shelf = Shelf(folder)
        found, faults = shelf.newest()
        assert found is not None
        assert found.step in (3, 4)
        assert faults == ()
        assert read(folder / "best.safetensors").step in (2, 4)
        assert len(list(folder.glob("step-*"))) >= 3
        shelf.put(checkpoint(4), best=True)
        kept = [step_name(step) for step in (2, 3, 4)]
        assert names(folder) == ["best.safetensors", *kept]


def test_an_error_anywhere_is_raised_and_harms_nothing(tmp_path: Path) -> None:
    count = operations(tmp_path / "count")
    for number in range(1, count + 1):
        folder = tmp_path / str(number)
        shelf = before(folder)
        full = pytest.raises(OSError, match=os.strerror(errno.ENOSPC))
        with killed_at(number, full_disk), full:
            shelf.put(checkpoint(4), best=True)
        assert newest_step(shelf) in (3, 4)
        assert [name for name in names(folder) if name.endswith(".partial")] == []


def test_a_best_that_is_there_is_known_of(tmp_path: Path) -> None:
    """Killed between the two files, the run goes on before it and finds it again."""
    shelf = before(tmp_path)
    with killed_at(sys.maxsize, Killed) as done:
        shelf.put(checkpoint(4), best=True)
    first = done.index("replace") + 1
    shelf = before(tmp_path / "again")
    with killed_at(first + 2, Killed), pytest.raises(Killed):
        shelf.put(checkpoint(4), best=True)
    assert read(tmp_path / "again" / "best.safetensors").step == 4
    assert newest_step(shelf) == 3


FULL = """
import resource, signal, sys
from pathlib import Path
import torch
from dagspec.checkpoint import Checkpoint, Shelf

def checkpoint(step):
    return Checkpoint(step, "", {"model/a": torch.ones(step)}, {})

shelf = Shelf(Path(sys.argv[1]))
shelf.put(checkpoint(1_000), best=True)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    shelf.put(checkpoint(100_000), best=True)
except OSError as error:
    print(error.strerror)
"""


def test_a_disk_that_is_full_keeps_what_it_has(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (f"{os.strerror(errno.EFBIG)}\n", "")
    assert names(tmp_path) == ["best.safetensors", step_name(1_000)]
    assert [read(path).step for path in tmp_path.iterdir()] == [1_000, 1_000]
