"""What all tests share: one thread, fixed examples, expected outputs in files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings

# Two test processes that each spin up all cores wait on one another; torch, numpy
# and every subprocess read these before their first thread starts.
for _variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_variable] = "1"

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")

GOLDEN = Path(__file__).parent / "golden"
Golden: TypeAlias = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tests got to tests/golden/, to be reviewed and committed",
    )
    parser.addoption(
        "--kills", type=int, default=2, help="how often the killed run is killed"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden would let anything pass: not in CI")


@pytest.fixture
def golden(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Golden:
    """Compares a text with the file of that name under tests/golden/."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        expected = path.read_bytes().decode() if path.exists() else None
        if text == expected:
            return
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            record_property("golden", name)
            return
        assert expected is not None, f"no tests/golden/{name}: see `make golden`"
        assert text == expected, f"tests/golden/{name} differs: see `make golden`"

    return compare


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    getreports = terminalreporter.getreports
    reports = [*getreports("passed"), *getreports("failed")]
    properties = [pair for report in reports for pair in report.user_properties]
    names = sorted({str(name) for key, name in properties if key == "golden"})
    if names:
        terminalreporter.section("rewritten expected outputs: review them")
        for name in names:
            terminalreporter.line(f"tests/golden/{name}")
