"""Places for nodes that stand in rows, and lanes for the arrows that pass rows.

The layered drawing of Sugiyama, Tagawa and Toda 1981 with the rows given: an arrow gets
a place of its own in every row that it passes, rows are ordered by the mean place of
their neighbours, and places are the least-squares fit to those means that keeps the
nodes apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

Arrow = tuple[str, str]
# A node, or the lane of an arrow in a row.
_Place = str | tuple[Arrow, int]

GAP, LANE = 16.0, 10.0
_SWEEPS = 24


@dataclass(frozen=True)
class Layout:
    """Where things are from left to right, in points around 0.

    Attributes:
        x: Middle of each node.
        lanes: For each arrow, where it passes the rows between its ends, from its tail
            on.
    """

    x: Mapping[str, float]
    lanes: Mapping[Arrow, tuple[float, ...]]

    def shifted(self, distance: float) -> Layout:
        """The same places further to the right."""
        return Layout(
            {name: x + distance for name, x in self.x.items()},
            {
                arrow: tuple(x + distance for x in passed)
                for arrow, passed in self.lanes.items()
            },
        )


def lay_out(
    rows: Sequence[Sequence[str]],
    widths: Mapping[str, float],
    arrows: Sequence[Arrow],
) -> Layout:
    """Find places for nodes and lanes for arrows.

    Args:
        rows: Names row by row; each name once.
        widths: Width of each node in points.
        arrows: (tail, head), the two in different rows.

    Returns:
        Places at which no two nodes or lanes of a row touch.
    """
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    places: list[list[_Place]] = [list(row) for row in rows]
    neighbours: dict[_Place, list[_Place]] = {}
    paths: dict[Arrow, list[_Place]] = {}
    for arrow in arrows:
        tail, head = arrow
        step = 1 if row_of[tail] < row_of[head] else -1
        passed = range(row_of[tail] + step, row_of[head], step)
        paths[arrow] = [(arrow, row) for row in passed]
        for row in passed:
            places[row].append((arrow, row))
        for one, other in pairwise([tail, *paths[arrow], head]):
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
    x = _places(places, neighbours, widths)
    return Layout(
        {name: x[name] for name in row_of},
        {arrow: tuple(x[place] for place in path) for arrow, path in paths.items()},
    )


def _places(
    rows: list[list[_Place]],
    neighbours: Mapping[_Place, Sequence[_Place]],
    widths: Mapping[str, float],
) -> dict[_Place, float]:
    breadths = {
        place: widths[place] + GAP if isinstance(place, str) else LANE
        for row in rows
        for place in row
    }
    x: dict[_Place, float] = {}
    for row in rows:
        x |= _fit(row, dict.fromkeys(row, 0.0), breadths)
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 else reversed(rows):
            wanted = {
                place: fmean(x[other] for other in neighbours.get(place, [place]))
                for place in row
            }
            row.sort(key=wanted.__getitem__)
            x |= _fit(row, wanted, breadths)
    return x


def _fit(
    row: Sequence[_Place],
    wanted: Mapping[_Place, float],
    breadths: Mapping[_Place, float],
) -> dict[_Place, float]:
    """The places nearest to the wanted ones, in squares, that keep order and distance.

    With the distances taken out this is isotonic regression, solved by pooling
    neighbours that stand in the wrong order.
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (breadths[left] + breadths[right]) / 2)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(row, offsets, strict=True):
        mean, count = wanted[place] - offset, 1
        while pools and pools[-1][0] >= mean:
            before, size = pools.pop()
            mean = (mean * count + before * size) / (count + size)
            count += size
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return {
        place: mean + offset
        for place, mean, offset in zip(row, means, offsets, strict=True)
    }
