"""TensorBoard itself, asked what a run wrote."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from dagspec.monitor import TensorBoard, measure
from tests.monitor.models import images, small

PATIENCE = 60.0


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where TensorBoard serves a run that was stopped and went on."""
    folder = tmp_path_factory.mktemp("served")
    logs = folder / "logs" / "run"
    spec, model = small()
    with closing(TensorBoard(logs)) as board:
        board.settings(spec)
        board.training(1, {"loss": 3.0})
        sizes = board.sizes()
        board.training(2, {"loss": 2.9})
    with closing(TensorBoard(logs, sizes)) as board:
        board.training(2, {"loss": 2.0})
        board.validation(2, measure(model, images(), spec))
        board.pictures(2, model, images(), spec)
    said = folder / "said.txt"
    options = ["--logdir", str(logs.parent), "--host", "127.0.0.1", "--port", "0"]
    command = [sys.executable, "-m", "tensorboard.main", *options]
    with said.open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield _wait(lambda: _address(said, server))
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _address(said: Path, server: subprocess.Popen[bytes]) -> str | None:
    text = said.read_text()
    assert server.poll() is None, text
    found = re.search(r"http://127\.0\.0\.1:\d+", text)
    return found and found.group()


def _wait(ask: Callable[[], Any]) -> Any:
    """The first answer that is not empty."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.1)
    raise TimeoutError("no answer")


def _get(address: str, path: str) -> Any:
    try:
        with urlopen(f"{address}/data/{path}", timeout=PATIENCE) as answer:
            return json.load(answer)
    except URLError:
        return None  # it has not read the files yet


def test_it_knows_the_tags(address: str):
    scalars = _wait(lambda: _get(address, "plugin/scalars/tags"))["run"]
    assert {"loss/total", "validation/elbo", "active/size"} <= scalars.keys()
    pictures = _wait(lambda: _get(address, "plugin/images/tags"))["run"]
    assert {"reconstructions", "samples", "traversal/kind"} <= pictures.keys()
    histograms = _wait(lambda: _get(address, "plugin/histograms/tags"))["run"]
    assert {"activations/stage_1", "activations/stage_2"} <= histograms.keys()


def test_it_has_every_step_once(address: str):
    path = "plugin/scalars/scalars?run=run&tag=loss%2Ftotal"
    rows = _wait(lambda: _get(address, path))
    assert [(step, value) for _, step, value in rows] == [(1, 3.0), (2, 2.0)]


def test_the_run_is_one_run(address: str):
    assert _wait(lambda: _get(address, "runs")) == ["run"]
