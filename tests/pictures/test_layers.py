from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dagspec.pictures.curves import Outline, Point, curves
from dagspec.pictures.layers import Arrow, lay_out


@st.composite
def layered_graphs(draw: st.DrawFn) -> tuple[list[list[str]], list[Arrow]]:
    """Rows of nodes, and arrows up and down between different rows."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=6))
    rows = [[f"{r}.{i}" for i in range(size)] for r, size in enumerate(sizes)]
    names = [name for row in rows for name in row]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    chosen = draw(st.lists(pairs, max_size=15, unique=True))
    return rows, [(a, b) for a, b in chosen if a[0] != b[0]]


def width_of(name: str) -> float:
    return 40 + 25 * int(name[-1])


@given(layered_graphs())
def test_nodes_and_lanes_of_a_row_do_not_touch(graph):
    rows, arrows = graph
    layout = lay_out(rows, {n: width_of(n) for row in rows for n in row}, arrows)
    for number, row in enumerate(rows):
        spans = [
            (layout.x[n] - width_of(n) / 2, layout.x[n] + width_of(n) / 2) for n in row
        ]
        for tail, head in arrows:
            start, end = int(tail[0]), int(head[0])
            step = 1 if start < end else -1
            for passed, x in zip(
                range(start + step, end, step), layout.lanes[tail, head], strict=True
            ):
                spans += [(x, x)] if passed == number else []
        spans.sort()
        assert all(left[1] < right[0] for left, right in pairwise(spans))


@given(layered_graphs())
def test_arrows_touch_only_the_nodes_at_their_ends(graph):
    rows, arrows = graph
    widths = {n: width_of(n) for row in rows for n in row}
    layout = lay_out(rows, widths, arrows)
    bands = [(60.0 * r, 60.0 * r + 30) for r in range(len(rows))]
    outlines = {
        n: Outline((layout.x[n], 60.0 * r + 15), (widths[n], 30), n[-1] != "0")
        for r, row in enumerate(rows)
        for n in row
    }
    row_of = {n: r for r, row in enumerate(rows) for n in row}
    for ends, curve in curves(outlines, row_of, bands, layout.lanes).items():
        for x, y in sampled(curve):
            for name, outline in outlines.items():
                if name not in ends:
                    away = abs(x - outline.middle[0]) > outline.size[0] / 2
                    assert away or abs(y - outline.middle[1]) >= 15 - 1e-6


def test_path_is_drawn_straight():
    layout = lay_out([["a"], ["b"], ["c"]], dict.fromkeys("abc", 30), [("a", "b")])
    assert layout.x["a"] == layout.x["b"]


def test_order_of_a_row_follows_the_neighbours():
    rows = [["a", "b", "c"], ["x", "y", "z"]]
    arrows = [("a", "z"), ("b", "y"), ("c", "x")]
    layout = lay_out(rows, dict.fromkeys("abcxyz", 30), arrows)
    places = [[layout.x[n] for n in pair] for pair in arrows]
    assert all(abs(tail - head) < 1 for tail, head in places)


def test_arrows_arrive_side_by_side_on_an_ellipse():
    outlines = {
        "a": Outline((0, 0), (60, 20), True),
        "b": Outline((-50, 60), (40, 20), False),
        "c": Outline((50, 60), (40, 20), False),
    }
    lanes = {("c", "a"): (), ("b", "a"): ()}
    drawn = curves(outlines, {"a": 0, "b": 1, "c": 1}, [(-10, 10), (50, 70)], lanes)
    left, right = drawn["b", "a"][-1], drawn["c", "a"][-1]
    assert left[0] < right[0]
    for x, y in (left, right):
        assert (x / 30) ** 2 + (y / 10) ** 2 == 1 or abs(
            (x / 30) ** 2 + (y / 10) ** 2 - 1
        ) < 1e-9


def sampled(curve: list[Point]) -> list[Point]:
    """Points along Bézier curves."""
    points = []
    for k in range(0, len(curve) - 1, 3):
        a, b, c, d = curve[k : k + 4]
        for t in (i / 12 for i in range(13)):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            points.append(
                tuple(
                    sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True))
                    for axis in (0, 1)
                )
            )
    return points
