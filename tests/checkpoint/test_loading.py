"""From a run's folder to a model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import dagspec
from dagspec.checkpoint import Checkpoint, CheckpointError, Shelf, write
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Limits, write_spec

SPEC = dagspec.parse(
    "model m\nobserve x: normal[8]\nlatent a, b: normal[1]\nfeatures { norm = batch }\n"
)


def state_of(seed: int) -> dict[str, torch.Tensor]:
    return dagspec.build_model(SPEC, seed=seed).state_dict()


def checkpoint(step: int, average: int | None = None) -> Checkpoint:
    """With the first weights of seed `step`, and averaged ones of seed `average`."""
    tensors = {f"model/{key}": value for key, value in state_of(step).items()}
    if average is not None:
        averaged = state_of(average).items()
        tensors |= {f"average/{key}": value for key, value in averaged}
    return Checkpoint(step, write_spec(SPEC), tensors, {})


def has_weights_of(model: ConceptVAE, seed: int) -> bool:
    found, expected = model.state_dict(), state_of(seed)
    same = [torch.equal(found[key], expected[key]) for key in expected]
    assert found.keys() == expected.keys()
    return all(same)


def test_the_best_of_a_run_is_loaded(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "checkpoints")
    shelf.put(checkpoint(1), best=True)
    shelf.put(checkpoint(2))
    assert has_weights_of(dagspec.load_model(tmp_path), 1)


def test_without_a_best_the_newest_whole_one_is(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "checkpoints")
    shelf.put(checkpoint(1))
    shelf.put(checkpoint(2))
    shelf.put(checkpoint(3)).write_bytes(b"")
    assert has_weights_of(dagspec.load_model(str(tmp_path)), 2)


def test_the_folder_of_the_checkpoints_will_do(tmp_path: Path) -> None:
    Shelf(tmp_path).put(checkpoint(1))
    assert has_weights_of(dagspec.load_model(tmp_path), 1)


def test_one_file_is_loaded(tmp_path: Path) -> None:
    path = Shelf(tmp_path).put(checkpoint(1))
    Shelf(tmp_path).put(checkpoint(2), best=True)
    assert has_weights_of(dagspec.load_model(path), 1)


def test_averaged_weights_are_preferred(tmp_path: Path) -> None:
    path = Shelf(tmp_path).put(checkpoint(1, average=5))
    assert has_weights_of(dagspec.load_model(path), 5)
    assert has_weights_of(dagspec.load_model(path, weights="average"), 5)
    assert has_weights_of(dagspec.load_model(path, weights="last"), 1)


def test_what_was_built_before_is_within_the_limits(tmp_path, monkeypatch) -> None:
    write(tmp_path / "a.safetensors", checkpoint(3))
    monkeypatch.setattr("dagspec.spec.DEFAULT", Limits(latents=1))
    assert has_weights_of(dagspec.load_model(tmp_path / "a.safetensors"), 3)


def test_it_is_ready_for_use(tmp_path: Path) -> None:
    model = dagspec.load_model(Shelf(tmp_path).put(checkpoint(1)))
    assert not model.training
    assert model.sample(2).x.shape == (2, 8)


def test_the_folder_is_only_read(tmp_path: Path) -> None:
    Shelf(tmp_path / "checkpoints").put(checkpoint(1))
    partial = tmp_path / "checkpoints" / ".0123456789abcdef.partial"
    partial.touch()
    dagspec.load_model(tmp_path)
    assert partial.exists()


def fault(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        dagspec.load_model(path)
    text = str(caught.value)
    assert str(path) in text
    assert "\n" not in text
    return text


def test_an_empty_folder_is_called_so(tmp_path: Path) -> None:
    assert fault(tmp_path) == f"{tmp_path}: has no checkpoint"


def test_a_folder_of_runs_says_that_it_holds_them(tmp_path: Path) -> None:
    for name in ("beta=4", "beta=1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").touch()
    (tmp_path / "notes").mkdir()
    asked = f"but runs; name one of them, such as {tmp_path / 'beta=1'}"
    assert fault(tmp_path) == f"{tmp_path}: has no checkpoint, {asked}"


def test_a_missing_folder_is_called_so(tmp_path: Path) -> None:
    assert "cannot be read" in fault(tmp_path / "nowhere")


def test_a_run_without_a_whole_one_says_why(tmp_path: Path) -> None:
    path = Shelf(tmp_path / "checkpoints").put(checkpoint(1))
    path.write_bytes(b"")
    assert fault(tmp_path).endswith(f"has no whole checkpoint: {path}: is empty")


def test_a_damaged_best_is_not_passed_over(tmp_path: Path) -> None:
    Shelf(tmp_path).put(checkpoint(1), best=True)
    (tmp_path / "best.safetensors").write_bytes(b"")
    assert "best.safetensors: is empty" in fault(tmp_path)


def test_a_spec_of_another_language_is_called_so(tmp_path: Path) -> None:
    write(tmp_path / "a.safetensors", Checkpoint(1, "model m\nlatent", {}, {}))
    assert "its spec has errors in this version" in fault(tmp_path / "a.safetensors")


def test_weights_of_another_model_are_called_so(tmp_path: Path) -> None:
    tensors = {"model/decoder": torch.ones(1)}
    text = write_spec(SPEC)
    write(tmp_path / "a.safetensors", Checkpoint(1, text, tensors, {}))
    assert "does not fit its model" in fault(tmp_path / "a.safetensors")


def test_the_package_loads_no_torch_before_it_is_asked() -> None:
    code = "import sys, dagspec; dir(dagspec); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
    assert "load_model" in dir(dagspec)
