"""What a run needs to go on, in safetensors files that carry their spec.

Nothing is unpickled: a file holds tensors, text and JSON, under one checksum.
"""

from __future__ import annotations

from dagspec.checkpoint.adoption import Adoption, adopt
from dagspec.checkpoint.format import Checkpoint, CheckpointError, read, write
from dagspec.checkpoint.loading import load_model
from dagspec.checkpoint.optimizers import pack_optimizer, unpack_optimizer
from dagspec.checkpoint.shelf import Shelf

__all__ = [
    "Adoption",
    "Checkpoint",
    "CheckpointError",
    "Shelf",
    "adopt",
    "load_model",
    "pack_optimizer",
    "read",
    "unpack_optimizer",
    "write",
]
