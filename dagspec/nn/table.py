"""A graph too large for a line of code a concept, as a table of text."""

from __future__ import annotations


class Table:
    """Concepts one a line: `name prior-level posterior-level written-stage <- parents`.

    Where any concept is tied to a label, a fourth column numbers the kinds of labels.
    What a posterior is given stands after `|` where it is not the parents.

    Args:
        text: The lines; `-` stands for a concept that is written into no stage, or that
            has no label.
    """

    def __init__(self, text: str) -> None:
        self.parents: dict[str, tuple[str, ...]] = {}
        self._given: dict[str, tuple[str, ...]] = {}
        self._columns: dict[str, list[str]] = {}
        for line in text.split("\n"):
            if line.strip():
                left, _, right = line.partition("<-")
                name, *columns = left.split()
                parents, bar, given = right.partition("|")
                self.parents[name] = tuple(parents.split())
                self._given[name] = tuple(given.split()) if bar else self.parents[name]
                self._columns[name] = columns

    def prior(self, level: int) -> dict[str, tuple[str, ...]]:
        """Concepts of a level of the prior, and their parents."""
        return {name: self.parents[name] for name in self._select(0, level)}

    def posterior(self, level: int, given: bool = True) -> dict[str, tuple[str, ...]]:
        """Concepts of a level of the posterior, and what they are given."""
        names = self._select(1, level)
        return {name: self._given[name] if given else () for name in names}

    def written(self, stage: int) -> tuple[str, ...]:
        """Concepts that are written into a stage."""
        return tuple(self._select(2, stage))

    def labelled(self, kind: int) -> tuple[str, ...]:
        """Concepts that are tied to one kind of label."""
        return tuple(self._select(3, kind))

    def _select(self, column: int, value: int) -> list[str]:
        wanted = str(value)
        return sorted(n for n, row in self._columns.items() if row[column] == wanted)
