"""One checkpoint, one file: safetensors with a checksum over every byte of it.

    8 bytes   length of the header, little-endian
    header    JSON: names, types, shapes and offsets, and the texts in `__metadata__`
    data      the tensors' bytes, one after another

Any program that reads safetensors reads it too. The first text of the metadata is the
SHA-256 of the whole file, computed with zeros in its own place.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor

from dagspec.atomic import write_whole

VERSION = 1
_OPENING = b'{"__metadata__":{"sha256":"'
_DIGEST = slice(8 + len(_OPENING), 8 + len(_OPENING) + 64)
_BLANK = b"0" * 64
_TYPES = {
    torch.bool: "BOOL",
    torch.uint8: "U8",
    torch.int8: "I8",
    torch.int16: "I16",
    torch.int32: "I32",
    torch.int64: "I64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float32: "F32",
    torch.float64: "F64",
}


class CheckpointError(ValueError):
    """A checkpoint cannot be used; one line says which and why."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after some of its steps.

    Attributes:
        step: Steps that were done.
        spec: Canonical text of the spec.
        tensors: By name: `model/KEY`, `average/KEY`, `optimizer/INDEX/NAME`,
            `objective/KEY`, `progress/KEY`.
        record: What is no tensor, as JSON.
    """

    step: int
    spec: str
    tensors: Mapping[str, Tensor]
    record: Mapping[str, Any]

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors of one part, such as `model`, by their key within it."""
        start = f"{name}/"
        return {
            key.removeprefix(start): value
            for key, value in self.tensors.items()
            if key.startswith(start)
        }


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint whole or not at all.

    Tensors that are contiguous and on the CPU are not copied in memory, others one at a
    time.

    Args:
        path: Where it goes; its folder has to be there.
        checkpoint: Tensors of any layout, on any device.

    Raises:
        OSError: It cannot be written, or not be kept from a power cut; what was there
            before is untouched in the first case alone.
        TypeError: A tensor has a type that the format does not know, such as complex.
    """
    # Falling sizes of the elements keep every tensor aligned to its own.
    named = sorted(
        checkpoint.tensors.items(), key=lambda item: (-item[1].element_size(), item[0])
    )
    header = bytearray(_header(checkpoint, named))
    digest = hashlib.sha256(header)
    for _, tensor in named:
        digest.update(_bytes(tensor))
    header[_DIGEST] = digest.hexdigest().encode()
    write_whole(path, _pieces(bytes(header), named))


def _header(checkpoint: Checkpoint, named: list[tuple[str, Tensor]]) -> bytes:
    entries: dict[str, object] = {
        "__metadata__": {
            "sha256": _BLANK.decode(),
            "format": "dagspec checkpoint",
            "version": str(VERSION),
            "step": str(checkpoint.step),
            "spec": checkpoint.spec,
            "record": json.dumps(checkpoint.record),
        }
    }
    end = 0
    for name, tensor in named:
        if tensor.dtype not in _TYPES:
            raise TypeError(f"a checkpoint cannot hold `{name}`, a {tensor.dtype}")
        start, end = end, end + tensor.numel() * tensor.element_size()
        entries[name] = {
            "dtype": _TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def _pieces(
    header: bytes, named: list[tuple[str, Tensor]]
) -> Iterator[bytes | memoryview]:
    yield header
    for _, tensor in named:
        yield _bytes(tensor)


def _bytes(tensor: Tensor) -> memoryview:
    """The numbers of a tensor in row-major order, without a copy if it can be."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().data


def read(path: Path) -> Checkpoint:
    """Read a checkpoint and prove its checksum.

    Raises:
        CheckpointError: There is no such file, it is no checkpoint, it is damaged, or a
            newer version wrote it.
    """
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise CheckpointError(f"{path}: is a directory, not a checkpoint") from error
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}") from error
    if fault := _fault(data):
        raise CheckpointError(f"{path}: {fault}")
    try:
        texts = _header_of(data)["__metadata__"]
        if int(texts["version"]) <= VERSION:
            step, record = int(texts["step"]), json.loads(texts["record"])
            return Checkpoint(step, texts["spec"], load_tensors(data), record)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path}: is malformed: {error}") from error
    reason = f"has format {texts['version']}, this version of dagspec reads {VERSION}"
    raise CheckpointError(f"{path}: {reason}")


def _fault(data: bytes) -> str | None:
    """What is wrong with the bytes of a file, of this version or a newer one."""
    if not data:
        return "is empty"
    start = data[8 : _DIGEST.start]
    if not _OPENING.startswith(start):
        return "is no checkpoint of dagspec"
    digest = hashlib.sha256(data[: _DIGEST.start])
    digest.update(_BLANK)
    digest.update(memoryview(data)[_DIGEST.stop :])
    if digest.hexdigest().encode() == data[_DIGEST]:
        return None
    size = _size(data)
    if size and len(data) < size:
        return f"is truncated: {len(data):,} bytes of {size:,}"
    return "is damaged: its checksum is wrong"


def _size(data: bytes) -> int | None:
    """How many bytes there should be, as far as can be told."""
    end = 8 + int.from_bytes(data[:8], "little")
    if len(data) < end:
        return end
    try:
        entries = _header_of(data)
        ends = [
            each["data_offsets"][1]
            for n, each in entries.items()
            if n != "__metadata__"
        ]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
    return end + max(ends, default=0)


def _header_of(data: bytes) -> dict[str, Any]:
    return json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
