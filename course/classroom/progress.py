"""How far a verification is: a bar that redraws itself on a terminal, now and then a plain line in a pipe."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from course.classroom.rows import plain

DRAW_SECONDS = 0.1
LINE_SECONDS = 30.0
LINE_SHARE = 10  # a line for each tenth of the whole
BAR = 24


@dataclass
class Progress:
    """Shows how many of `total` answers are done, on `stream`."""

    total: int
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    done: int = 0
    latest: str = ""
    _began: float = field(default_factory=time.monotonic)
    _shown: float = 0.0
    _tenths: int = 0

    def step(self, latest: str) -> None:
        """One more is done."""
        self.done, self.latest = self.done + 1, latest
        self.show()

    def show(self, at_once: bool = False) -> None:
        """Draw the bar, or write a line if it is time for one."""
        now, tenths = time.monotonic(), self.done * LINE_SHARE // max(1, self.total)
        if self.stream.isatty():
            if at_once or self.done == self.total or now - self._shown > DRAW_SECONDS:
                self._shown = now
                width = shutil.get_terminal_size().columns - 1
                self._write("\r\x1b[K" + self._bar()[:width])
        elif at_once or tenths > self._tenths or now - max(self._shown, self._began) > LINE_SECONDS:
            self._shown, self._tenths = now, tenths
            self._write(f"{self._figures()}\n")

    def end(self) -> None:
        """Leave the line of the bar."""
        if self.stream.isatty():
            self._write("\r\x1b[K")

    def _bar(self) -> str:
        filled = BAR * self.done // max(1, self.total)
        return f"[{'#' * filled}{'.' * (BAR - filled)}] {self._figures()}  {plain(self.latest)}"

    def _figures(self) -> str:
        left = ""
        if 0 < self.done < self.total:
            seconds = (time.monotonic() - self._began) / self.done * (self.total - self.done)
            left = f", about {seconds:.0f} s left" if seconds < 90 else f", about {seconds / 60:.0f} min left"
        return f"{self.done} of {self.total} answers checked{left}"

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
