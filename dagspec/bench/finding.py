"""What was promised, what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEAD = ("", "target", "result")


@dataclass(frozen=True)
class Finding:
    """One number that has a target.

    Attributes:
        claim: What was measured.
        target: What it must reach.
        result: What it is.
        unit: Of both: `x` for a ratio, or `s`, `kB`, `nats`, …
        at_least: Whether more is better; by default less is.
    """

    claim: str
    target: float
    result: float
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the result is as good as its target; one that is no number isn't."""
        if self.at_least:
            return self.result >= self.target
        return self.result <= self.target


def write_table(findings: Iterable[Finding]) -> Iterator[str]:
    """Lines of a table, each as soon as its finding is there."""
    yield _line(*_HEAD, "")
    for finding in findings:
        sign = ">=" if finding.at_least else "<="
        target = f"{sign} {_number(finding.target, finding.unit)}"
        result = _number(finding.result, finding.unit)
        verdict = "reached" if finding.reached else "MISSED"
        yield _line(finding.claim, target, result, verdict)


def _line(claim: str, target: str, result: str, verdict: str) -> str:
    return f"{claim:<66} {target:>15} {result:>14}  {verdict}".rstrip()


def _number(value: float, unit: str) -> str:
    if unit == "x":
        return f"{value:.2f}x"
    digits = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    return f"{digits} {unit}"
