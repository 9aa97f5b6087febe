from __future__ import annotations

import math

import pytest

from dagspec.bench.finding import Finding, write_table

RATIO = Finding("step / the other's", 1.1, 1.05, "x")


def test_a_line_names_claim_target_result_and_verdict() -> None:
    _, line = write_table([RATIO])
    assert line.split("  ")[0] == "step / the other's"
    assert line.split()[-4:] == ["<=", "1.10x", "1.05x", "reached"]


def test_a_miss_shouts() -> None:
    _, line = write_table([Finding("step", 1.1, 1.2, "x")])
    assert line.endswith("MISSED")


@pytest.mark.parametrize(
    ("result", "at_least", "reached"),
    [(2, False, True), (2.1, False, False), (2, True, True), (1.9, True, False)],
)
def test_a_target_counts_as_reached_from_its_own_side(
    result: float, at_least: bool, reached: bool
) -> None:
    assert Finding("", 2, result, "s", at_least).reached is reached


@pytest.mark.parametrize("at_least", [True, False])
def test_no_number_reaches_nothing(at_least: bool) -> None:
    assert not Finding("", 2, math.nan, "nats", at_least).reached


def test_a_line_comes_before_the_next_finding_is_measured() -> None:
    def findings():
        yield RATIO
        raise AssertionError("measured too early")

    lines = write_table(findings())
    next(lines)
    assert next(lines).startswith(RATIO.claim)


def test_large_numbers_are_grouped() -> None:
    _, line = write_table([Finding("drawn", 5000, 11234.5, "images", at_least=True)])
    assert line.split()[1:] == [">=", "5,000", "images", "11,234", "images", "reached"]
