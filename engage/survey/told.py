"""What is said to staff about a file that comes in: a sentence for a page to say in its reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engage.errors import EngageError


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence in English with its values, and where in the file it belongs.

    ``path`` is a place in JSON, ``sheet`` and ``row`` one in a workbook; a row of 0 is the sheet as a whole.
    The sentence is found in the catalogues by ``text``; ``str()`` says all of it in English. A value may be
    something told itself.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    path: str = ""
    sheet: str = ""
    row: int = 0

    def __str__(self) -> str:
        said = self.text % {name: str(value) for name, value in self.values.items()}
        return f"{self.where}: {said}" if self.where else said

    @property
    def where(self) -> str:
        """The place in English, empty where it is the file as a whole."""
        if self.sheet:
            return f"Sheet “{self.sheet}”, row {self.row}" if self.row else f"Sheet “{self.sheet}”"
        return self.path

    def at(self, sheet: str, row: int) -> Told:
        """The same, said of a row of a sheet."""
        return replace(self, path="", sheet=sheet, row=row)


class BadDefinition(EngageError):
    """Not a definition that this site can ask; each problem names the place in the file."""

    def __init__(self, problems: Sequence[Told]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = list(problems)
