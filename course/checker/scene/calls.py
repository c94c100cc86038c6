"""A call of the answer under way, and what a case says about its end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.checker.process.runner import crowding
from course.checker.process.survivors import descendants
from course.checker.process.task import SETTLE_SECONDS
from course.checker.scene.clock import Clock
from course.checker.scene.failure import Failed, show
from netlib.patience import patience

REST_SECONDS = 0.1  # how long an answer may go on after a statement failed, before it is looked at

if TYPE_CHECKING:
    from course.checker.process.runner import Event, Process


@dataclass(eq=False)
class Call(ABC):
    """A call, wherever it runs. `ended` is the event that ended it: returned, raised, not callable or died."""

    clock: Clock
    ended: Event | None = None

    # ------------------------------------------------------------------ statements of a case
    def result(self) -> object:
        """Wait for the function to return; give what it returned."""
        self.clock.until_call(self)
        if self.ended is None or self.died:
            raise Failed("raised", expected="your function returns")
        return self.ended["value"]

    def returns(self, expected: object) -> None:
        """The function returns `expected`, of the same type."""
        got = self.result()
        if type(got) is not type(expected) or got != expected:
            wanted, came = f"your function returns {show(expected)}", f"it returned {show(got)}"
            raise Failed("wrong value", wanted, came, got, expected)

    def raises(self, *expected: type[BaseException]) -> None:
        """The function raises one of these exceptions (or a subclass)."""
        self.clock.until_call(self)
        ended = self.ended or {}
        wanted = f"your function raises {' or '.join(kind.__name__ for kind in expected)}"
        if ended["event"] == "returned":
            raise Failed("not raised", wanted, f"it returned {show(ended['value'])}", ended["value"])
        if not any(kind.__name__ in ended.get("bases", ()) for kind in expected):
            raise Failed("raised", wanted)

    def leaves_nothing(self) -> None:
        """After its end no socket, thread or process of the answer is left."""
        self.clock.until_call(self)
        found = self.left()
        if found:
            raise Failed("left", "nothing of your function's own is left behind", ", ".join(found))

    # ------------------------------------------------------------------ what the clock asks
    @property
    def running(self) -> bool:
        """Whether the function has neither returned nor raised nor died."""
        return self.ended is None

    @property
    def died(self) -> bool:
        """Whether the call ended in any other way than by returning."""
        return self.ended is not None and self.ended["event"] != "returned"

    @property
    @abstractmethod
    def over(self) -> bool:
        """Whether nothing of the answer can still act: not running, and no thread or process of it left."""

    @abstractmethod
    def pump(self) -> None:
        """Take in news without waiting."""

    @abstractmethod
    def fds(self) -> list[int]:
        """File descriptors that announce news."""

    @abstractmethod
    def left(self) -> list[str]:
        """Return one phrase for each thing that the answer left behind; its threads get a moment to end."""

    def rest(self) -> None:
        """Wait a moment, until what it did by now is not chance."""
        return

    @abstractmethod
    def stop(self) -> None:
        """End it, and everything it started."""


@dataclass(eq=False, kw_only=True)
class ForkedCall(Call):
    """A call in a process of its own."""

    process: Process

    def pump(self) -> None:
        """Take in news without waiting."""
        if self.tidy:
            return
        self.process.pump()
        self.ended = self.process.latest("returned", "raised", "not callable")
        if self.ended is None and self.process.exit is not None:
            self.ended = {"event": "died", "exit": self.process.exit}

    def fds(self) -> list[int]:
        """File descriptors that announce news."""
        return self.process.fds() if self.ended is None or not self.tidy else []

    @property
    def tidy(self) -> bool:
        """Whether it has ended and left nothing at all: then its process may make another call."""
        return self.ended is not None and bool(self.ended.get("tidy"))

    @property
    def over(self) -> bool:
        """Whether nothing of the answer can still act."""
        if self.ended is None or self.tidy:
            return self.tidy
        return not self.ended.get("left", {}).get("threads") and not self._forked()

    def left(self) -> list[str]:
        """Return one phrase for each thing that the answer left behind; its threads get a moment to end."""
        event = self.process.ask("l", "left", patience(3 * SETTLE_SECONDS) * crowding())
        if event is None and self.process.exit is None:
            return ["something that does not let the process answer"]
        left = event["left"] if event else {}
        forked = ["a child process"] * self._forked()
        return counted([*left.get("open", []), *left.get("threads", []), *forked])

    def rest(self) -> None:
        """Wait until all its threads wait, a tenth of a second at most."""
        self.process.rest(patience(REST_SECONDS))

    def stop(self) -> None:
        """Kill the process and everything it started."""
        self.process.stop()

    def _forked(self) -> bool:
        return self.process.exit is None and bool(descendants(self.process.pid))


def counted(names: list[str]) -> list[str]:
    """Return names once each, with how often: ['a thread', 'a thread'] -> ['a thread (2 times)']."""
    return [name if (n := names.count(name)) == 1 else f"{name} ({n} times)" for name in dict.fromkeys(names)]
