"""Checkpoints that are damaged are named, and the one before is used."""

from __future__ import annotations

import pytest

from dagspec.train import TrainError
from tests.train.runs import assert_same, contents, run


def truncate(data: bytearray) -> bytes:
    return bytes(data[: len(data) // 2])


def flip_a_bit(data: bytearray) -> bytes:
    data[-1000] ^= 4
    return bytes(data)


@pytest.mark.parametrize(
    ("damage", "word"),
    [(truncate, "is truncated"), (flip_a_bit, "its checksum is wrong")],
)
def test_the_checkpoint_before_a_damaged_one_is_used(cut, whole, capfd, damage, word):
    newest = cut / "checkpoints/step-000000018.safetensors"
    newest.write_bytes(damage(bytearray(newest.read_bytes())))
    assert run(cut, continue_training=True, quiet=False).code == 0
    lines = capfd.readouterr().err.splitlines()
    assert lines[0].startswith(f"passed over: {newest}: ")
    assert word in lines[0]
    assert lines[1] == "going on after step 17"
    assert_same(whole, cut)


def test_a_run_without_a_whole_checkpoint_is_refused_and_left_alone(cut):
    for file in (cut / "checkpoints").iterdir():
        file.write_bytes(truncate(bytearray(file.read_bytes())))
    before = contents(cut)
    with pytest.raises(TrainError) as error:
        run(cut, continue_training=True)
    for name in ("step-000000009", "step-000000017", "step-000000018", "best"):
        assert f"{name}.safetensors: is truncated" in str(error.value)
    assert contents(cut) == before
