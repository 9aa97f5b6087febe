"""One file: what goes in comes out to the bit, or a line says why it does not."""

from __future__ import annotations

import json
import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors
import torch
from safetensors.torch import save_file
from torch import Tensor

from dagspec.checkpoint import Checkpoint, CheckpointError, format, read, write

BASE = torch.arange(12, dtype=torch.float32).reshape(3, 4)
TENSORS = {
    "model/weight": BASE / 7,
    "model/transposed": BASE.T,
    "model/slice": BASE[:, 1:3],
    "model/shared": BASE[1],
    "model/expanded": torch.ones(1).expand(5),
    "model/bf16": torch.linspace(-3, 3, 7).to(torch.bfloat16),
    "model/half": torch.tensor([1.5, float("inf")], dtype=torch.float16),
    "model/double": torch.tensor([[0.1]], dtype=torch.float64),
    "model/scalar": torch.tensor(2.5),
    "model/nan": torch.tensor([float("nan"), -0.0]),
    "model/empty": torch.empty(0, 3),
    "model/parameter": torch.nn.Parameter(torch.ones(2)),
    "progress/count": torch.tensor(2**62 + 1),
    "progress/seen": torch.tensor([True, False, True]),
    "progress/byte": torch.tensor([0, 255], dtype=torch.uint8),
    "progress/ints": torch.tensor([-5], dtype=torch.int16),
}
WHOLE = Checkpoint(
    step=1000,
    spec='model m "é → \\""\n',
    tensors=TENSORS,
    record={"best": [1000, -81.25], "sizes": {"a": 1}, "none": None, "text": "ü"},
)
SMALL = Checkpoint(3, "model m\n", {"model/a": torch.tensor([1.0, 2.0])}, {"b": "é"})


def bits(tensor: Tensor) -> bytes:
    flat = tensor.detach().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write(tmp_path / "a.safetensors", SMALL)
    return tmp_path / "a.safetensors"


def fault(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        read(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text.removeprefix(f"{path}: ")


@pytest.mark.parametrize("name", TENSORS)
def test_a_tensor_comes_back_to_the_bit(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write(path, WHOLE)
    found, tensor = read(path).tensors[name], TENSORS[name]
    assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape)
    assert bits(found) == bits(tensor)


def test_the_rest_comes_back(tmp_path: Path) -> None:
    write(tmp_path / "a.safetensors", WHOLE)
    found = read(tmp_path / "a.safetensors")
    assert found.tensors.keys() == TENSORS.keys()
    assert replace(found, tensors={}) == replace(WHOLE, tensors={})


def test_a_checkpoint_without_tensors_is_one(tmp_path: Path) -> None:
    write(tmp_path / "a.safetensors", Checkpoint(0, "", {}, {}))
    assert read(tmp_path / "a.safetensors") == Checkpoint(0, "", {}, {})


def test_equal_checkpoints_are_equal_files(tmp_path: Path) -> None:
    turned = dict(reversed(TENSORS.items()))
    write(tmp_path / "a", WHOLE)
    write(tmp_path / "b", replace(WHOLE, tensors=turned))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_is_read_may_be_changed(file: Path) -> None:
    read(file).tensors["model/a"].zero_()
    assert read(file).tensors["model/a"].tolist() == [1.0, 2.0]


def test_the_library_of_the_format_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write(path, WHOLE)
    with safetensors.safe_open(path, "pt") as opened:
        assert set(opened.keys()) == TENSORS.keys()
        assert opened.metadata()["spec"] == WHOLE.spec
        for name in opened.keys():  # noqa: SIM118 (it is no mapping)
            assert bits(opened.get_tensor(name)) == bits(TENSORS[name])


def test_every_tensor_begins_at_a_multiple_of_its_elements(tmp_path: Path) -> None:
    write(tmp_path / "a", WHOLE)
    data = (tmp_path / "a").read_bytes()
    length = int.from_bytes(data[:8], "little")
    entries = json.loads(data[8 : 8 + length])
    for name, tensor in TENSORS.items():
        start = 8 + length + entries[name]["data_offsets"][0]
        assert start % tensor.element_size() == 0, name


def test_a_part_has_its_own_keys() -> None:
    assert set(WHOLE.part("progress")) == {"count", "seen", "byte", "ints"}
    assert WHOLE.part("average") == {}


@pytest.mark.parametrize("bit", [0x01, 0x20])  # another digit, a letter of other case
def test_a_flipped_bit_is_found_anywhere(file: Path, bit: int) -> None:
    data = file.read_bytes()
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= bit
        file.write_bytes(damaged)
        fault(file)


def test_every_cut_is_found(file: Path) -> None:
    data = file.read_bytes()
    for size in range(len(data)):
        file.write_bytes(data[:size])
        fault(file)


def test_a_cut_is_called_so(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:-3])
    assert fault(file) == f"is truncated: {len(data) - 3} bytes of {len(data)}"
    file.write_bytes(data[:100])
    assert fault(file).startswith("is truncated: 100 bytes of ")


def test_damage_is_called_so(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert fault(file) == "is damaged: its checksum is wrong"


def test_bytes_behind_the_end_are_damage(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")
    assert fault(file) == "is damaged: its checksum is wrong"


def test_an_empty_file_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert fault(tmp_path / "a") == "is empty"


@pytest.mark.parametrize("metadata", [None, {"spec": "model m", "version": "1"}])
def test_foreign_safetensors_are_called_so(
    tmp_path: Path, metadata: dict[str, str] | None
) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "a", metadata)
    assert fault(tmp_path / "a") == "is no checkpoint of dagspec"


def test_other_files_are_called_so(tmp_path: Path) -> None:
    torch.save({"a": torch.ones(2)}, tmp_path / "a")
    assert fault(tmp_path / "a") == "is no checkpoint of dagspec"


def test_a_directory_is_called_so(tmp_path: Path) -> None:
    assert fault(tmp_path) == "is a directory, not a checkpoint"


def test_a_missing_file_is_called_so(tmp_path: Path) -> None:
    assert fault(tmp_path / "a") == "cannot be read: No such file or directory"


def test_a_newer_format_is_called_so(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(format, "VERSION", 2)
    write(file, SMALL)
    monkeypatch.undo()
    assert fault(file) == "has format 2, this version of dagspec reads 1"


def forge(path: Path, header: bytes) -> None:
    """A file with a right checksum and any header."""
    data = bytearray(struct.pack("<Q", len(header)) + header)
    data[format._DIGEST] = b"0" * 64
    digest = format.hashlib.sha256(data).hexdigest().encode()
    data[format._DIGEST] = digest
    path.write_bytes(data)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "x"},
        {"step": "x"},
        {"record": "{"},
        {"spec": None},
    ],
    ids=str,
)
def test_nonsense_under_a_right_checksum_is_malformed(
    tmp_path: Path, change: dict[str, str | None]
) -> None:
    texts = {
        "sha256": "0" * 64,
        "version": "1",
        "step": "1",
        "spec": "",
        "record": "{}",
    }
    texts = {key: value for key, value in (texts | change).items() if value is not None}
    header = json.dumps({"__metadata__": texts}, separators=(",", ":")).encode()
    forge(tmp_path / "a", header)
    assert fault(tmp_path / "a").startswith("is malformed: ")


def test_a_complex_tensor_is_refused_by_name(tmp_path: Path) -> None:
    wrong = replace(SMALL, tensors={"model/a": torch.ones(1, dtype=torch.complex64)})
    with pytest.raises(TypeError, match=r"`model/a`, a torch\.complex64"):
        write(tmp_path / "a", wrong)
    assert list(tmp_path.iterdir()) == []


def test_it_is_flushed_before_and_after_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, move = os.fsync, os.replace

    def flush(descriptor: int) -> None:
        fsync(descriptor)
        done.append("folder" if os.fstat(descriptor).st_mode & 0o40000 else "file")

    def rename(old: Path, new: Path) -> None:
        move(old, new)
        done.append("rename")

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "replace", rename)
    write(tmp_path / "a", SMALL)
    assert done == ["file", "rename", "folder"]
