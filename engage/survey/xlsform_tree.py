"""The rows of a survey sheet as groups within groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engage.marks import N_
from engage.survey.xlsform_words import is_begin, is_end

_DEEPEST = 10


class Line(NamedTuple):
    """One row and its number in the sheet, the header being 1."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """What stands in a column; empty where nothing does."""
        return self.cells.get(column, "")


@dataclass(slots=True)
class Node:
    """A row, or a group with the rows in it."""

    line: Line
    is_group: bool = False
    children: list[Node] = field(default_factory=list)


def tree(lines: Sequence[Line], tell: Callable[[str, Line], None]) -> list[Node]:
    """The rows at the top; ``tell`` is told of groups that do not begin or end."""
    top: list[Node] = []
    open_groups: list[Node] = []
    for line in lines:
        inner = open_groups[-1].children if open_groups else top
        if is_begin(line.get("type")):
            node = Node(line, is_group=True)
            inner.append(node)
            open_groups.append(node)
            if len(open_groups) > _DEEPEST:
                tell(N_("Groups stand within groups too deep."), line)
                return top
        elif is_end(line.get("type")):
            if not open_groups:
                tell(N_("A group ends here that has not begun."), line)
                return top
            open_groups.pop()
        else:
            inner.append(Node(line))
    for node in open_groups:
        tell(N_("A group begins here and does not end."), node.line)
    return top
