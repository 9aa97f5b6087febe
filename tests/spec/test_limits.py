"""Absurd models are refused quickly, with one clear error."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable

import pytest

from dagspec.diagnostic import Source
from dagspec.spec import Limits, parse_limit, resolve
from dagspec.spec.statements import edges
from dagspec.syntax.parse import parse
from tests.spec.reading import HEAD, codes, found_in

VECTOR = "model m\nobserve x: normal[9]\nlatent a: normal[1]\n"
ONE = "latent a: normal[1]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(HEAD + "latent a: normal[1_000_000_000]\n", "E404", id="latent"),
        pytest.param(
            f"model m\nobserve x: normal[1, {10**9}, {10**9}]\n{ONE}",
            "E604",
            id="image",
        ),
        pytest.param(
            f"model m\nobserve x: normal[{10**9}]\n{ONE}", "E604", id="vector"
        ),
        pytest.param(
            f"{HEAD}features {{ widths = [{', '.join(['8'] * 5_000)}] }}\n{ONE}",
            "E313",
            id="5,000 stages",
        ),
        pytest.param(
            f"{HEAD}features {{ widths = [{10**9}, {10**9}] }}\n{ONE}",
            "E603",
            id="wide stages",
        ),
        pytest.param(
            f"{HEAD}inference {{ hidden = [{10**6}, {10**6}] }}\n{ONE}",
            "E603",
            id="wide heads",
        ),
        pytest.param(
            f"{HEAD}latent a, b: normal[1] {{ free_bits = 1 }}\na -> b\n"
            f"latent c: normal[1] {{ mechanism = mlp({10**5}, {10**5}) }}\nb -> c\n",
            "E603",
            id="wide mechanism",
        ),
        pytest.param(
            f"{VECTOR}process {{ a ~ normal(0, 1), x = mlp(a, hidden = [{10**5}, "
            f"{10**5}]) }}\n",
            "E603",
            id="wide process",
        ),
    ],
)
def test_is_refused(text: str, expected: str) -> None:
    assert codes(text) == [expected]


def test_more_latents_than_the_limit() -> None:
    many = ", ".join(f"z{number}" for number in range(10_001))
    (found,) = found_in(f"{HEAD}latent {many}: normal[1]\n")
    assert found.code == "E601"
    assert "10,001 latents" in found.message


def test_a_short_line_with_very_many_edges() -> None:
    names = [f"z{number}" for number in range(4_000)]
    left, right = ", ".join(names[:2_000]), ", ".join(names[2_000:])
    text = f"{HEAD}latent {left}, {right}: normal[1]\n{left} -> {right}\n"
    (found,) = found_in(text)
    assert found.code == "E602"
    assert "4,000,000 edges" in found.message


def test_a_raised_limit_lets_the_model_pass() -> None:
    text = HEAD + "latent a, b, c: normal[1]\n"
    assert codes(text, Limits(latents=2)) == ["E601"]
    assert codes(text, Limits(latents=3)) == []


def test_time_grows_in_proportion_to_the_edges() -> None:
    def seconds(count: int) -> float:
        names = [f"z{number}" for number in range(300)]
        pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
        text = "".join(f"{a} -> {b}\n" for a, b in pairs[:: len(pairs) // count])
        file, errors = parse(
            Source("test.dag", f"{HEAD}latent {', '.join(names)}: normal[1]\n{text}")
        )
        gc.collect()
        gc.disable()  # its time grows with all that other tests have left behind
        try:
            start = time.process_time()
            assert resolve(file, errors=errors)[1] == ()
            return time.process_time() - start
        finally:
            gc.enable()

    # About 10 if it is linear, 100 if it is quadratic.
    many = min(seconds(20_000) for _ in range(2))
    assert many < 35 * min(seconds(2_000) for _ in range(3))


def test_near_names_are_looked_for_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def nearest(word: str, candidates: Iterable[str]) -> None:
        asked.append(word)

    monkeypatch.setattr(edges, "nearest", nearest)
    text = "".join(f"unknown{number} -> a\n" for number in range(2_000))
    assert codes(f"{HEAD}{ONE}{text}") == ["E201"] * 2_000
    assert len(asked) <= 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("parameters=2e9", Limits(parameters=2_000_000_000)),
        ("latents = 20_000", Limits(latents=20_000)),
        ("edges=5", Limits(edges=5)),
        ("values=1e9", Limits(values=1_000_000_000)),
    ],
)
def test_parses_a_limit(text: str, expected: Limits) -> None:
    assert parse_limit(text) == expected


def test_limits_add_up() -> None:
    first = parse_limit("latents=5")
    assert parse_limit("edges=7", first) == Limits(latents=5, edges=7)


@pytest.mark.parametrize(
    "text",
    ["parameters", "parameters=", "parameters=many", "latents=0", "latents=1.5",
     "latents=inf", "latents=nan", "layers=3", ""],
)  # fmt: skip
def test_refuses_a_limit_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        parse_limit(text)


def test_suggests_a_near_limit() -> None:
    with pytest.raises(ValueError, match="did you mean `parameters`"):
        parse_limit("parameter=1e9")
