"""Shapes of stages, and the widths where a spec names none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagspec.geometry import (
    deepest_useful_stage,
    default_widths,
    size,
    stage_shapes,
)


def test_stages_halve_and_round_up() -> None:
    assert stage_shapes((1, 27, 63), (8, 16, 16)) == (
        (8, 14, 32),
        (16, 7, 16),
        (16, 4, 8),
    )


def test_stages_of_a_vector_are_layers() -> None:
    assert stage_shapes((20,), (64, 32)) == ((64,), (32,))


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ((1, 64, 64), (32, 32, 64, 64)),
        ((1, 8, 8), (32, 32, 64)),
        ((1, 3, 3), (32, 32)),
        ((1, 1, 7), (32, 32, 64)),
        ((1, 2, 1), (32,)),
        ((20,), (128, 128, 64, 64)),
    ],
)
def test_default_widths(observed: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert default_widths(observed) == expected


@given(st.tuples(st.integers(1, 4), st.integers(1, 300), st.integers(1, 300)))
def test_default_widths_never_grow_and_end_in_time(observed: tuple[int, ...]) -> None:
    widths = default_widths(observed)
    shapes = stage_shapes(observed, widths)
    assert all(size(a) >= size(b) for a, b in pairwise(shapes))
    last = deepest_useful_stage(observed)
    assert last is not None
    assert 1 <= len(widths) <= last
    if len(widths) < 4:
        assert shapes[-1][1:] == (1, 1)
