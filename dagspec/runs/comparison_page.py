"""How a comparison of runs looks: tables and one picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, isfinite
from pathlib import Path

from dagspec.runs.comparison import (
    BEST,
    KL,
    LAST,
    Comparison,
    Contender,
    Seeds,
    Spread,
)
from dagspec.runs.files import write_file
from dagspec.runs.markdown import NOTHING, code, counted, figure, nats, prose, table
from dagspec.runs.settings import SEED

_MOST_SETTINGS, _MOST_COLLAPSED, _LONGEST = 12, 6, 48
_MOST_IN_LEGEND = 3


def comparison_text(comparison: Comparison, picture: str | None = None) -> str:
    """The page, as Markdown.

    Args:
        comparison: What is known.
        picture: What the page calls its picture; None without one.
    """
    runs = comparison.runs
    left_out = [f"- {prose(line)}" for line in comparison.damaged]
    parts = [
        f"# {counted(len(runs), 'run')} compared",
        "Left out, since they cannot be read:\n\n" + "\n".join(left_out)
        if left_out
        else "",
        f"![Curves of the runs]({picture})" if picture else "",
        _runs_table(comparison) if runs else "",
        *_remarks(comparison),
        *(("## Over seeds", _seeds_table(comparison)) if comparison.seeds else ()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def draw_comparison(comparison: Comparison) -> bytes | None:
    """The ELBO and the KL of all runs, as a PNG; None if no run has a curve.

    Runs that differ in their seed alone have one colour.
    """
    from dagspec.runs.curves import curve_split
    from dagspec.runs.panels import Line, Panel, draw

    panels: list[Panel] = []
    for title, column, bottom in (("ELBO", "elbo", None), ("KL", "kl", 0.0)):
        ways = {curve_split(each.run.metrics, column) for each in comparison.runs}
        split = "validation" if "validation" in ways else "train"
        curves = [
            (each, each.run.metrics.get(split, column))
            for each in sorted(comparison.runs, key=_rank)
        ]
        lines = [Line(_legend(each, comparison), own) for each, own in curves if own]
        if lines:
            panels.append(Panel(f"{title} in nats, {split}", lines, bottom))
    return draw(panels) if panels else None


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write the page, and its picture beside it: `table.md` and `table.png`.

    Raises:
        RunError: One of them cannot be written.
    """
    drawn = draw_comparison(comparison)
    picture = path.with_suffix(".png")
    if drawn:
        write_file(picture, drawn)
    text = comparison_text(comparison, picture.name if drawn else None)
    write_file(path, text.encode())


def _runs_table(comparison: Comparison) -> str:
    settings = comparison.settings[:_MOST_SETTINGS]
    head = [
        *("run", *(f"{code(name)}>" for name in settings), "state", "step>"),
        *(f"{_title(name)}>" for name in comparison.results),
        "collapsed",
    ]
    best = _best(comparison)
    rows = [
        [
            code(each.name),
            *(code(each.settings.get(name, "")) for name in settings),
            *(each.state, f"{each.step:,}"),
            *(
                _strong(_write(name, each.results.get(name)), each is best)
                if name == BEST
                else _write(name, each.results.get(name))
                for name in comparison.results
            ),
            _collapsed(each.collapsed),
        ]
        for each in comparison.runs
    ]
    return table(head, rows)


def _seeds_table(comparison: Comparison) -> str:
    settings = [name for name in comparison.settings if name != SEED][:_MOST_SETTINGS]
    head = [
        *(f"{code(name)}>" for name in settings),
        "n>",
        *(f"{_title(name)}>" for name in comparison.results),
    ]
    rows = [
        [
            *(code(group.runs[0].settings.get(name, "")) for name in settings),
            _number_of(group),
            *(
                _spread(name, group.results.get(name), len(group.runs))
                for name in comparison.results
            ),
        ]
        for group in comparison.seeds
    ]
    return table(head, rows)


def _remarks(comparison: Comparison) -> Iterator[str]:
    if not comparison.comparable:
        yield (
            "The runs differ in their data or in what they observe, so their ELBOs "
            "cannot be compared."
        )
    more = comparison.settings[_MOST_SETTINGS:]
    if more:
        yield f"They also differ in {len(more):,} other settings, such as {more[0]}."


def _number_of(group: Seeds) -> str:
    going = sum(each.state != "finished" for each in group.runs)
    return f"{len(group.runs)}{f', {going} unfinished' if going else ''}"


def _spread(name: str, spread: Spread | None, n: int) -> str:
    if spread is None:
        return NOTHING
    text = _write(name, spread.mean)
    if spread.std is not None:
        text += f" ± {_write(name, spread.std)}"
    return text if spread.n == n else f"{text} (n = {spread.n})"


def _title(name: str) -> str:
    return name if name in (BEST, LAST, KL) else code(name)


def _write(name: str, value: float | None) -> str:
    return nats(value) if name in (BEST, LAST, KL) else figure(value)


def _strong(text: str, strong: bool) -> str:
    return f"**{text}**" if strong else text


def _best(comparison: Comparison) -> Contender | None:
    scored = [each for each in comparison.runs if _rank(each) < inf]
    if not comparison.comparable or len(scored) < 2:
        return None
    return min(scored, key=_rank)


def _rank(each: Contender) -> float:
    """Small for a good ELBO."""
    value = each.results.get(BEST, -inf)
    return -value if isfinite(value) else inf


def _collapsed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_COLLAPSED
    shown = ", ".join(code(name) for name in names[:_MOST_COLLAPSED])
    return f"{shown}, {more:,} more" if more > 0 else shown or NOTHING


def _legend(each: Contender, comparison: Comparison) -> str:
    """What sets a run apart but its seed, or its name where that is nothing or much."""
    names = [name for name in comparison.settings if name != SEED]
    grouped = any(each in group.runs for group in comparison.seeds)
    if not names or len(names) > _MOST_IN_LEGEND:
        group = next((g for g in comparison.seeds if each in g.runs), None)
        text = f"{group.runs[0].name}, {len(group.runs)} seeds" if group else each.name
    elif grouped or SEED not in comparison.settings:
        text = ", ".join(f"{name}={each.settings.get(name, NOTHING)}" for name in names)
    else:
        text = each.name
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
