"""One mistake is reported once: what follows from it only is not."""

from __future__ import annotations

import pytest

from tests.spec.reading import HEAD, codes

VECTOR = "model m\nobserve x: normal[9]\nlatent a: normal[1]\n"
MIDDLE = "latent a, b: normal[1]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            HEAD + "latent a: nrmal[1]\nlatent b: normal[1]\na -> b\nb -> image\n",
            ["E301"],
            id="a bad family does not undeclare the name",
        ),
        pytest.param(
            HEAD + "latent a: normal[1\nlatent b: normal[1]\na -> b\n",
            ["E103"],
            id="a broken statement still declares its names",
        ),
        pytest.param(
            HEAD + "latent a: normal[1..2]\nlatent b: normal[1]\na -> b\n",
            ["E108"],
            id="a statement that is lost still declares its names",
        ),
        pytest.param(
            HEAD + "latent a, b, c, d: normal[1]\na b c -> image\nd -> image\n",
            ["E102"],
            id="edges that are lost still lead to the image",
        ),
        pytest.param(
            HEAD + "latent a: normal[1]\na -> 5\n",
            ["E128"],
            id="what is no name is no unknown name",
        ),
        pytest.param(
            HEAD + 'latent a: normal[1] { label = "\\q", weight = 2 }\n',
            ["E106"],
            id="an option that cannot be read is not missing",
        ),
        pytest.param(
            HEAD + "latent scale, b: normal[1]\nscala -> b\nb -> image\n",
            ["E201"],
            id="a misspelt cause is not unreached as well",
        ),
        pytest.param(
            HEAD + "latent first, second: normal[1]\nfrst -> image\nsecond -> image\n",
            ["E201"],
            id="whoever was meant is not unreached",
        ),
        pytest.param(
            HEAD + "latent a: normal[1] { mechanism = linear }\nb -> a\n",
            ["E201"],
            id="a child of an unknown parent is no root",
        ),
        pytest.param(
            "model m\nlatent a: normal[1]\na -> image\n",
            ["E207"],
            id="the missing observed node is not an unknown name as well",
        ),
        pytest.param(
            "model m\nobserve x: normal[0]\nlatent a: normal[99]{ at = 9 }\n",
            ["E313"],
            id="a bad shape has no stages to compare with",
        ),
        pytest.param(
            HEAD + "features { widths = [x] }\nlatent a: normal[1] { at = 9 }\n",
            ["E312"],
            id="bad widths have no stages to compare with",
        ),
        pytest.param(
            HEAD + "features { widths = [0] }\nlatent a: normal[1] { at = 9 }\n",
            ["E313"],
            id="widths out of range have no stages to compare with",
        ),
        pytest.param(
            HEAD + "features { widths = [8, 8q] }\nlatent a: normal[1] { at = 9 }\n",
            ["E110"],
            id="unread widths have no stages to compare with",
        ),
        pytest.param(
            HEAD + "features widths = [8, 8]\nlatent a: normal[1] { at = 9 }\n",
            ["E101"],
            id="a broken section is there",
        ),
        pytest.param(
            "model m\nobserve a, b: normal[3]\nlatent c: normal[1]\nc -> a, b\n",
            ["E702"],
            id="a second observed node may be named",
        ),
        pytest.param(
            HEAD
            + MIDDLE
            + "ladder t: normal[4] { groups = [1] }\na -> t\nt -> image\n",
            ["E701"],
            id="a ladder may be named",
        ),
        pytest.param(
            "model m\nobserve x: laplace[3] { sigma = 1 }\nlatent a: normal[1]\n",
            ["E701"],
            id="options of a later family are not judged",
        ),
        pytest.param(
            VECTOR + "process {\n  a ~ normal(0, 1) 2\n  b = a\n  x = mlp(a, b)\n}\n",
            ["E133"],
            id="a variable whose line is lost is there",
        ),
        pytest.param(
            VECTOR + "process {\n  a ~ normal(0, )\n  x = mlp(a, (a)\n}\n",
            ["E905", "E103"],
            id="an observed node whose line is lost is there",
        ),
        pytest.param(
            VECTOR + "training { data = process }\nprocess\n",
            ["E101"],
            id="a process that is lost is there",
        ),
        pytest.param(
            VECTOR + "process {\n  a ~ normal(b, 1)\n  b ~ normal(a, 0)\n}\n",
            ["E908", "E903", "E906"],
            id="what is wrong has no graph to compare with",
        ),
        pytest.param(
            VECTOR + f"process {{\n  b = {'(' * 21}a\n  a = 1\n  x = mlp(a)\n}}\n",
            ["E121"],
            id="the rest of a process that is lost is there",
        ),
        pytest.param(
            HEAD + MIDDLE + "a -> b\nb -> a\na -> image\n",
            ["E203"],
            id="a cycle has no generations",
        ),
        pytest.param(
            HEAD + MIDDLE + "latent a: normal[2]\na -> image\nb -> image\n",
            ["E202"],
            id="of two declarations the first counts",
        ),
        pytest.param(
            HEAD + MIDDLE + "training { patience = 2, validate_every = 5 }\n",
            ["E315"],
            id="validations at a bad distance are validations",
        ),
        pytest.param("", ["E200"], id="an empty file lacks everything at once"),
        pytest.param(
            "modle m\nobserve x: normal[3]\nlatent a: normal[1]\n",
            ["E102"],
            id="a misspelt header is there",
        ),
    ],
)
def test_is_reported_once(text: str, expected: list[str]) -> None:
    assert codes(text) == expected
