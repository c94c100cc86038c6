"""The records of some sockets, shown as a small table."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import overload

from sockscope.kernel.record import Record

COLUMNS = ("name", "kind", "state", "addresses", "notes")


class Table(Sequence[Record]):
    """A sequence of records that a notebook shows as a table, and a terminal as lines of text.

    A column in which nothing differs from what is expected is left out: `name` of a single socket, `kind`
    where all is TCP.
    """

    def __init__(self, records: Sequence[Record], when_empty: str = "") -> None:
        self._records = tuple(records)
        self._when_empty = when_empty

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, index: int | slice) -> Record | tuple[Record, ...]:
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        """Return one line a socket, the columns aligned as if every port had five digits.

        So the text is the same in each run, once the ports are masked.
        """
        rows = self._rows()
        if not rows:
            return self._when_empty
        widths = [max(len(steady(row[i])) for row in rows) for i in range(len(rows[0]))]
        lines = (
            "  ".join(cell + " " * (width - len(steady(cell))) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        if not self._records:
            return f"<p>{html.escape(self._when_empty)}</p>"
        rows = (
            "<tr>" + "".join(f'<td style="text-align: left">{html.escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self._rows()
        )
        return "<table>" + "".join(rows) + "</table>"

    def _rows(self) -> list[list[str]]:
        hidden = set()
        if len(self) == 1 or not any(record.name for record in self):
            hidden.add("name")
        if all(record.kind == "TCP" for record in self):
            hidden.add("kind")
        return [[getattr(record, column) for column in COLUMNS if column not in hidden] for record in self]


def steady(text: str) -> str:
    """Return `text` with what the kernel chooses, ports and file descriptors, replaced by zeros."""
    return re.sub(r"(?<=fd=)\d+", "00", re.sub(r"(?<=:)\d+(?=\s|$)", "00000", text))
