"""An answer as the checker takes it: text that stands alone, and how its lines map to the learner's cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """One callable under test.

    `text` is Python source that stands alone: executed in an empty namespace, it defines everything the
    callable needs. `name` is then evaluated there and gives the callable: a name (`echo_once`), or an
    expression (`lambda text: text.upper()`).

    `lines` maps a line of `text` to the learner's own place: a label and a line there. The label is empty for
    the cell with the answer itself and says otherwise where to look (`cell 4`, `helpers.py`). A line without
    an entry is reported as it is.
    """

    name: str
    text: str
    lines: Mapping[int, tuple[str, int]] = field(default_factory=dict)

    def place(self, line: int) -> str:
        """Return how a panel names this line of `text`: `line 7`, or `line 7 of cell 4`."""
        label, number = self.lines.get(line, ("", line))
        return f"line {number} of {label}" if label else f"line {number}"
