"""Event files: what TensorBoard reads, cut back to where a checkpoint was made.

A record is written and flushed as a whole before the next, by the one thread that asks
for it; so the size of a file is always the end of a record, and what goes wrong on the
disk is told where it happens.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

_PREFIX, _SUFFIX = "events.out.tfevents.", ".dagspec"
# Classes of protocol buffers are made when they are imported: no checker sees them.
_proto: Any = event_pb2


class EventFile:
    """A new event file in a folder.

    Args:
        folder: Where; it is made if it is not there.
        after: Names that a file there has or had; the new one comes after all of them.

    Raises:
        OSError: The file cannot be made.
    """

    def __init__(self, folder: Path, after: Iterable[str] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = _create(folder, after)
        self._records: Any = RecordWriter(self._file)
        self._write(_proto.Event(wall_time=time.time(), file_version="brain.Event:2"))
        self._file.flush()

    def add(self, step: int, *summaries: object) -> None:
        """Write summaries of a step, one record each.

        Raises:
            OSError: The disk is full, or the file is gone.
        """
        now = time.time()
        for summary in summaries:
            self._write(_proto.Event(wall_time=now, step=step, summary=summary))
        self._file.flush()

    def sync(self) -> None:
        """Wait until everything is on the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; it may be called twice."""
        self._file.close()

    def _write(self, event: Any) -> None:  # noqa: ANN401  a protocol buffer
        self._records.write(event.SerializeToString())


def event_files(folder: Path) -> dict[str, int]:
    """Size in bytes of every event file in a folder, by name."""
    return {
        path.name: path.stat().st_size for path in sorted(folder.glob(f"{_PREFIX}*"))
    }


def cut_back(folder: Path, sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Take away what was written after `sizes` were recorded.

    Files are cut to the recorded size; those that were not there yet are removed.

    Returns:
        A warning for each file of which something is missing.

    Raises:
        OSError: A file cannot be changed.
    """
    found = event_files(folder)
    for name in found.keys() - sizes.keys():
        (folder / name).unlink()
    warnings: list[str] = []
    for name, size in sizes.items():
        if found.get(name, 0) > size:
            os.truncate(folder / name, size)
        elif name not in found:
            warnings.append(f"{folder / name} is gone: {size:,} bytes are lost")
        elif found[name] < size:
            warnings.append(
                f"{folder / name} has {found[name]:,} of the {size:,} bytes that were "
                "recorded: some events are lost"
            )
    return tuple(warnings)


def _create(folder: Path, after: Iterable[str]) -> BinaryIO:
    """A file whose name sorts after all others and was never there.

    TensorBoard reads files in the order of their names, which begin with a time in
    seconds; two may be started within one, and clocks are set back.
    """
    names = [*after, *event_files(folder)]
    stamp = max([int(time.time()), *(_stamp(name) + 1 for name in names)])
    while True:
        try:
            return (folder / f"{_PREFIX}{stamp:010d}{_SUFFIX}").open("xb")
        except FileExistsError:
            stamp += 1


def _stamp(name: str) -> int:
    time_of = name.removeprefix(_PREFIX).partition(".")[0]
    return int(time_of) if time_of.isdecimal() else 0
