"""What does not suit a data set is said at its place, word by word."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dagspec.data import Column
from dagspec.data.match import declared_mismatches, mismatches
from dagspec.data.process.trial import fails
from dagspec.diagnostic import Diagnostic, Source, render_diagnostic, summary
from dagspec.spec import Spec, read
from dagspec.spec.errors.data import DATA
from dagspec.syntax.parse import parse

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "golden" / "data"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.dag"))


def spec_of(source: Source) -> Spec:
    reading = read(source)
    assert reading.spec is not None, reading.diagnostics
    return reading.spec


def found_in(text: str) -> tuple[Diagnostic, ...]:
    source = Source("test.dag", text)
    return declared_mismatches(spec_of(source), parse(source)[0])


def run_and_matched(text: str) -> tuple[Diagnostic, ...]:
    return found_in(text) + fails(spec_of(Source("test.dag", text)))


def tied(latent: str, label: str, columns: list[Column]) -> tuple[Diagnostic, ...]:
    text = f"model m\nobserve x: normal[9]\nlatent a: {latent} {{ label = {label} }}\n"
    return mismatches(spec_of(Source("test.dag", text)), None, tuple(columns))


@pytest.mark.parametrize("name", PROGRAMS)
def test_says_what_does_not_suit(name: str, golden: Callable[[str, str], None]) -> None:
    text = (FOLDER / f"{name}.dag").read_text(encoding="utf-8")
    source = Source(f"{name}.dag", text)
    found = declared_mismatches(spec_of(source), parse(source)[0])
    shown = [render_diagnostic(each) + "\n\n" for each in found]
    golden(f"data/{name}.err", "".join(shown) + summary(found) + "\n")


@pytest.mark.parametrize("explanation", DATA, ids=lambda each: each.code)
def test_explanations_tell_the_truth(explanation) -> None:
    assert [each.code for each in run_and_matched(explanation.wrong)] == [
        explanation.code
    ]
    assert run_and_matched(explanation.mended) == ()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "specs").glob("*.dag")), ids=lambda it: it.stem
)
def test_the_worked_specs_suit_their_data(path: Path) -> None:
    assert run_and_matched(path.read_text(encoding="utf-8")) == ()


REAL = Column("y", "real")
ANGLE = Column("y", "angle", period=360)
TWO, THREE = (Column("y", "class", classes=n) for n in (2, 3))


@pytest.mark.parametrize(
    ("latent", "column"),
    [
        ("normal[1]", REAL),
        ("laplace[1]", REAL),
        ("categorical[3]", THREE),
        ("categorical[2]", TWO),
        ("bernoulli[1]", TWO),
        ("normal[2]", ANGLE),
    ],
)
def test_kinds_that_pair(latent: str, column: Column) -> None:
    assert tied(latent, '"y"', [column]) == ()


@pytest.mark.parametrize(
    ("latent", "column", "help"),
    [
        ("categorical[3]", REAL, "write `normal[1]` or `laplace[1]`"),
        ("bernoulli[1]", REAL, "write `normal[1]` or `laplace[1]`"),
        ("normal[2]", REAL, "write `normal[1]` or `laplace[1]`"),
        ("normal[1]", THREE, "write `categorical[3]`"),
        ("normal[2]", THREE, "write `categorical[3]`"),
        ("categorical[2]", THREE, "write `categorical[3]`"),
        ("bernoulli[1]", THREE, "write `categorical[3]`"),
        ("laplace[1]", TWO, "write `categorical[2]` or `bernoulli[1]`"),
        ("normal[1]", ANGLE, 'write `normal[2] { label = "y" }`'),
        ("laplace[1]", ANGLE, 'write `normal[2] { label = "y" }`'),
        ("categorical[36]", ANGLE, 'write `normal[2] { label = "y" }`'),
    ],
)
def test_kinds_that_do_not_pair(latent: str, column: Column, help: str) -> None:
    (found,) = tied(latent, '"y"', [column])
    assert found.code == "E803"
    assert found.message == f"`{latent}` cannot be tied to `{column}`"
    assert found.help == help


def test_every_column_of_a_list_has_to_be_real() -> None:
    angle = Column("b", "angle", period=1)
    columns = [Column("a", "real"), angle, Column("c", "real")]
    assert tied("normal[2]", '["a", "c"]', columns) == ()
    (found,) = tied("normal[2]", '["a", "b"]', columns)
    assert found.message == f"`normal[2]` cannot be tied to `{angle}`"


def test_without_a_file_nothing_has_a_place() -> None:
    text = (FOLDER / "everything.dag").read_text(encoding="utf-8")
    source = Source("test.dag", text)
    spec, columns = spec_of(source), (REAL,)
    without = mismatches(spec, (9,), columns)
    file, _ = parse(source)
    placed = mismatches(spec, (9,), columns, file)
    assert [each.message for each in without] == [each.message for each in placed]
    assert all(each.span is None and not each.labels for each in without)
    assert all(each.span for each in placed)


def test_a_data_set_that_the_table_lacks_is_no_mismatch() -> None:
    text = "model m\nobserve x: normal[9]\n"
    text += 'latent a: normal[1] { label = "anything" }\n'
    for data in ("mine", '"folder:pictures"', '"no such: thing"'):
        assert found_in(f"{text}training {{ data = {data} }}\n") == ()
    assert found_in(text) == ()


def test_what_is_not_known_is_not_compared() -> None:
    text = (FOLDER / "everything.dag").read_text(encoding="utf-8")
    assert mismatches(spec_of(Source("test.dag", text)), None, None) == ()


def test_a_spec_without_a_data_set_speaks_of_the_data() -> None:
    text = "model m\nobserve x: normal[9]\nlatent a: normal[1]\n"
    (found,) = mismatches(spec_of(Source("test.dag", text)), (3, 8, 8), None)
    assert found.message == "`x` is [9], the data has [3, 8, 8]"


def check(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "importtime", "-m", "dagspec", "check"]
    return subprocess.run(
        [*command, str(path), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_says_it_without_numpy() -> None:
    done = check(FOLDER / "shape.dag")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 1
    assert "error[E801]: `image` is [1, 64, 64], `pendulum` has [3, 96, 96]" in (
        done.stderr
    )
    assert "dagspec.data" in imported
    assert not imported & {"numpy", "torch"}


def test_check_puts_it_among_the_other_findings(tmp_path: Path) -> None:
    (tmp_path / "a.dag").write_text(
        "model m\nobserve image: bernoulli[1, 64, 64]\n"
        "latent a: normal[100]\n"
        'latent b: normal[1] { label = "size" }\n'
        "latent c: normal[100]\n"
        "training { data = dsprites }\n"
    )
    lines = check(tmp_path / "a.dag").stderr.splitlines()
    codes = [line.split("[")[1][:4] for line in lines if line[:5] in ("error", "warni")]
    assert codes == ["W102", "E802", "W102"]
