"""A cell that waits says so, and for what: "still waiting in `listener.accept()`, line 4: nobody has connected."

`enable()` watches the cells of an interactive kernel from one thread of its own. That thread sleeps while no cell
runs. While one runs it looks ten times a second where it is, and says nothing before three seconds in one call.
COURSE_NOTICES=0 in the environment turns it off: for kernels that nobody sits at.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import re
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.waiting.leftovers import Leftovers
from course.waiting.spots import Place, Spot
from netlib.patience import patience

SILENCE = 3.0  # seconds in one call before the cell speaks
TICK = 0.1  # seconds between two looks; a wait is known to have begun to within one
REFRESH = 1.0  # seconds between two looks for the reason, once the cell has spoken
BUSY = 0.3  # share of the processor from which a cell counts as computing
SMOOTHING = 0.2  # weight of the latest look in that share
THREAD = "course.waiting"
SHOWN = 3  # waits of one cell that are shown; those before are counted

_watcher: Watcher | None = None


def enable(shell: Any = None) -> bool:
    """Let the cells of this kernel speak when they wait; return whether they will. A second call changes nothing.

    They will not with COURSE_NOTICES=0 in the environment, or outside a Jupyter kernel.
    """
    global _watcher
    if os.environ.get("COURSE_NOTICES") == "0":
        return False
    if shell is None:
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is None:
        return False
    if _watcher is None:
        _watcher = Watcher(shell)
    return True


def load_ipython_extension(shell: Any) -> None:
    """Let `%load_ext course.waiting` do the same."""
    enable(shell)


def stop_left() -> None:
    """End the threads that cells have left running, as far as shutting down their sockets does it; say so."""
    lines = _watcher.leftovers.stop() if _watcher else []
    print("\n".join(lines) or "nothing was left running")


@dataclass
class Wait:
    """The stay of a cell in one call, or in one line that computes; repeated stays are added up."""

    spot: Spot
    busy: bool
    seconds: float = 0.0
    times: int = 0

    def same(self, other: Wait) -> bool:
        """Whether the two are one stay repeated, as in a loop; then the reason of the last one stands for all."""
        return (self.busy, self.spot.call, self.spot.place) == (other.busy, other.spot.call, other.spot.place)

    def ended(self) -> str:
        """Say how long it was."""
        often = f" ({self.times} times)" if self.times > 1 else ""
        if self.busy:
            return f"was busy {self.seconds:.1f} s in {self.spot.place}{often}."
        return f"waited {self.seconds:.1f} s in {self.spot}{often}."

    def going_on(self) -> str:
        """Say what goes on, why, and how to end it."""
        if self.busy:
            return f"still running {self.spot.place} (busy). Stop with ■."
        reason = f": {self.spot.reason}" if self.spot.reason else ""
        return f"still waiting in {self.spot}{reason}. Stop with ■."


class Watcher:
    """Watches the cells of one kernel, one at a time.

    A quick cell pays as little as can be: no lock is handed over and no thread is woken for it, except the first
    one after a pause.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._cell: Cell | None = None
        self._cells_run = threading.Event()
        threading.Thread(target=self._watch, name=THREAD, daemon=True).start()
        self.leftovers = Leftovers(shell.user_ns)  # which counts none of the threads that run by now
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, info: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # of a subshell, in which JupyterLab has widgets answered while a cell runs
        self._cell = Cell(self._shell)
        if not self._cells_run.is_set():
            self._cells_run.set()

    def _end(self, result: object) -> None:
        if threading.current_thread() is not threading.main_thread() or self._cell is None:
            return
        cell, self._cell = self._cell, None
        cell.end()
        if left := self.leftovers.end_of_cell():
            Notice(self._shell).show(left)

    def _watch(self) -> None:
        while True:
            self._cells_run.wait()
            time.sleep(TICK)
            cell = self._cell
            if cell is not None:
                cell.look()
                continue
            self._cells_run.clear()
            if self._cell is not None:  # it began between the question and clear()
                self._cells_run.set()


class Cell:
    """One run of one cell: where its thread is, since when, and what has been said of that."""

    def __init__(self, shell: Any) -> None:
        self._namespace = shell.user_ns
        self._place = Place(threading.get_ident(), _running_task(), shell.user_ns)
        self._notice = Notice(shell)
        self._ended: list[Wait] = []
        self._now: Wait | None = None  # the one that the notice speaks of
        self._since = self._still_since = self._busy_since = self._looked = time.monotonic()
        self._spoke, self._share = 0.0, BUSY  # of the processor, lately
        self._seen, self._cpu = self._place.now()
        self._one_at_a_time = threading.Lock()
        self._over = False

    def look(self) -> None:
        """See where the cell is, and speak when it has been there for long."""
        with self._one_at_a_time:
            if not self._over:
                self._look()

    def end(self) -> None:
        """Say in the past what was said in the present: the cell has ended."""
        with self._one_at_a_time:
            self._over = True
            self._close(time.monotonic())

    def _look(self) -> None:
        now, before = time.monotonic(), self._looked
        seen, cpu = self._place.now()
        still = seen == self._seen
        if not still:
            self._seen, self._still_since = seen, before
        self._share += SMOOTHING * ((cpu - self._cpu) / (now - before) - self._share)
        if self._share < BUSY:
            self._busy_since = now
        self._cpu, self._looked = cpu, now
        since = self._still_since if still else self._busy_since
        if since != self._since:
            self._close(now)
            self._since = since
        if now - since >= patience(SILENCE):
            self._speak(now, busy=not still)

    def _speak(self, now: float, busy: bool) -> None:
        if self._now is not None and (busy or now - self._spoke < REFRESH):
            return
        spot = self._place.spot()
        if spot is not None:
            self._spoke, self._now = now, Wait(spot, busy)
            self._notice.show([*self._past(), self._now.going_on()])

    def _close(self, now: float) -> None:
        """The stay that the notice speaks of is over."""
        if self._now is None:
            return
        wait, self._now = self._now, None
        known = next((one for one in self._ended if one.same(wait)), None)
        if known is None:
            self._ended.append(known := wait)
        known.seconds, known.times = known.seconds + now - self._since, known.times + 1
        self._notice.show(self._past())

    def _past(self) -> list[str]:
        earlier = len(self._ended) - SHOWN
        folded = [f"… {earlier} more before."] if earlier > 0 else []
        return folded + [wait.ended() for wait in self._ended[-SHOWN:]]


class Notice:
    """Lines in the output of one cell, which can be changed after they were shown, from any thread."""

    def __init__(self, shell: Any) -> None:
        self._publisher = shell.display_pub
        self._parent = shell.get_parent()
        self._id = uuid.uuid4().hex
        self._lines: list[str] = []

    def show(self, lines: list[str]) -> None:
        """Show these lines, in place of those before."""
        if lines == self._lines:
            return
        # The first time makes the output, so a cell that never speaks has none: an emptied one would stay and
        # cut the text that the cell prints in two.
        data = {"text/plain": "\n".join(lines), "text/html": _html(lines)}
        with self._addressed():
            self._publisher.publish(data, transient={"display_id": self._id}, update=bool(self._lines))
        self._lines = lines

    @contextlib.contextmanager
    def _addressed(self) -> Iterator[None]:
        """Make what this thread publishes an output of this cell, whichever cell runs now.

        ipykernel 7 keeps the cell of each thread in a context variable; before that there was one for all.
        """
        if not hasattr(self._publisher, "set_thread_parent"):
            yield
            return
        token = self._publisher.set_thread_parent(self._parent)
        try:
            yield
        finally:
            self._publisher.reset_thread_parent(token)


def _html(lines: list[str]) -> str:
    """Return the lines a little paler than the cell's own output, in the colours of whatever theme is on."""
    marked = (re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(line, quote=False)) for line in lines)
    return f'<div style="opacity: 0.75">{"<br>".join(marked)}</div>'


def _running_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
