"""Labels of a process are checked before it runs; the worked specs are sound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagspec.data import Request, open_source
from dagspec.data.match import declared_mismatches
from dagspec.diagnostic import Source
from dagspec.spec import read
from dagspec.syntax.parse import parse
from tests.data.processes import MIXED

ROOT = Path(__file__).parents[2]
TOYNETS = sorted((ROOT / "specs").glob("toynet*.dag"))


def found_in(latents: str, lines: str = MIXED):
    text = f"model m\nobserve x: normal[7]\n{latents}\nprocess {{{lines}}}\n"
    given = Source("test.dag", text + "training { data = process }\n")
    reading = read(given)
    assert reading.spec is not None, reading.diagnostics
    return declared_mismatches(reading.spec, parse(given)[0])


def test_labels_are_checked_against_the_variables():
    (found,) = found_in('latent a: normal[1] { label = "aa" }')
    assert found.code == "E802"
    assert found.message == "`process` has no column `aa`"
    assert found.span is not None
    (found,) = found_in('latent z: normal[1] { label = "k" }')
    assert found.code == "E803"
    assert found.help == "write `categorical[3]`"
    good = [
        'latent z: categorical[3] { label = "k" }',
        'latent z: bernoulli[1] { label = "on" }',
        'latent z: normal[2] { label = ["a", "u"] }',
        'latent z: laplace[1] { label = "d" }',
        "latent z: normal[1]",
    ]
    assert all(found_in(latent) == () for latent in good)


def test_labels_are_checked_without_torch(tmp_path):
    path = tmp_path / "wrong.dag"
    path.write_text(
        'model m\nobserve x: normal[7]\nlatent a: normal[1] { label = "b" }\n'
        f"process {{{MIXED}}}\ntraining {{ data = process }}\n"
    )
    code = (
        "import sys\nfrom dagspec.cli import main\n"
        f"try:\n    main(['check', {str(path)!r}])\n"
        "except SystemExit as end: code = end.code\n"
        "slow = {'torch'} & set(sys.modules)\n"
        "sys.exit(f'{slow} imported' if slow else code + 10)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 11, done.stderr
    assert b"error[E802]: `process` has no column `b`" in done.stdout + done.stderr


@pytest.mark.parametrize("path", TOYNETS, ids=lambda path: path.stem)
def test_the_toynets_are_sound_and_draw_many_examples(path):
    given = Source(path.name, path.read_text(encoding="utf-8"))
    assert given.text.startswith("# ")
    reading = read(given)
    assert reading.diagnostics == ()
    assert reading.spec is not None
    spec = reading.spec
    assert declared_mismatches(spec, reading.file) == ()
    opened = open_source(
        "process", Request(shape=spec.observed.shape, process=spec.process)
    )
    x = opened.held_out(20_000).x
    assert x.std(axis=0).max() > 0.2
    if len(spec.observed.shape) == 3:
        assert x.min() >= 0
        assert x.max() <= 1


def test_there_are_the_five_toynets_as_vectors_and_as_images():
    five = {"", "_chain", "_fork", "_collider", "_mixed"}
    wanted = {f"toynet{name}{image}" for name in five for image in ("", "_image")}
    assert wanted == {path.stem for path in TOYNETS}
