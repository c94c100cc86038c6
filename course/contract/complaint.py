"""One broken rule: which, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """A lesson breaks `rule`. `cell` counts all cells from 1; 0 stands for the lesson as a whole."""

    rule: str
    cell: int
    text: str

    def __str__(self) -> str:
        where = f"cell {self.cell}" if self.cell else "lesson"
        return f"[{self.rule}] {where}: {self.text}"
