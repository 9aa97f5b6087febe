"""Lines of cells one below the other, and what is aligned with what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dagspec.diagnostic.cells import width

# A cell wider than this would push its neighbours' columns too far to the right.
_WIDEST = 40


@dataclass(frozen=True)
class Line:
    """One line: cells, then a comment.

    Attributes:
        cells: What stands on the line; an empty cell keeps its column free.
        kind: Neighbours of one kind are aligned with one another; empty for none.
        indent: Spaces before the first cell.
        comment: What stands behind the cells, or alone.
    """

    cells: tuple[str, ...]
    kind: str = ""
    indent: int = 0
    comment: str = ""

    def with_comment(self, comment: str) -> Line:
        """The same line with a comment behind it."""
        return replace(self, comment=comment)


def align(lines: Sequence[Line | None]) -> Iterator[str]:
    """The texts of lines; None is a blank one.

    A blank line ends a group of neighbours, a comment that stands alone does not.
    """
    texts = ["" if line is None else _text(line, ()) for line in lines]
    for group in _groups(lines):
        widths = _widths([line for _, line in group])
        for index, line in group:
            texts[index] = _text(line, widths)
    start = 0
    for index in range(len(lines) + 1):
        line = lines[index] if index < len(lines) else None
        if line is None or not line.comment or not line.cells:
            column = max((width(text) for text in texts[start:index]), default=0) + 2
            for each in range(start, index):
                comment = lines[each]
                room = column - width(texts[each])
                texts[each] += " " * room + (comment.comment if comment else "")
            start = index + 1
    for line, text in zip(lines, texts, strict=True):
        alone = line is not None and line.comment and not line.cells
        yield " " * line.indent + line.comment if line and alone else text


def _groups(lines: Sequence[Line | None]) -> Iterator[list[tuple[int, Line]]]:
    group: list[tuple[int, Line]] = []
    for index, line in enumerate(lines):
        if line is not None and not line.cells:
            continue
        if group and (line is None or line.kind != group[-1][1].kind):
            yield group
            group = []
        if line is not None and line.kind:
            group.append((index, line))
    yield group


def _widths(lines: Sequence[Line]) -> tuple[int, ...]:
    columns = max((len(line.cells) for line in lines), default=0)
    cells = [
        [width(line.cells[index]) for line in lines if index < len(line.cells)]
        for index in range(columns)
    ]
    return tuple(max((w for w in ws if w <= _WIDEST), default=0) for ws in cells)


def _text(line: Line, widths: Sequence[int]) -> str:
    text = ""
    for index, cell in enumerate(line.cells):
        room = widths[index] if index < len(widths) else 0
        if cell or room:
            text += cell + " " * max(room - width(cell), 0) + " "
    return (" " * line.indent + text).rstrip()
