"""A call of the answer under way, and what a case says about its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from course.checker.failure import Failed, show

if TYPE_CHECKING:
    from course.checker.runner import Event, Process
    from course.checker.waiting import Clock


class Call(Protocol):
    """What the clock needs to know of a call, wherever it runs."""

    @property
    def running(self) -> bool:
        """Whether the function has neither returned nor raised nor died."""

    @property
    def over(self) -> bool:
        """Whether nothing of the answer can still act: not running, and no thread of it left."""

    @property
    def died(self) -> bool:
        """Whether it ended in any other way than by returning."""

    def pump(self) -> None:
        """Take in news without waiting."""

    def stop(self) -> None:
        """End it."""

    def bury(self) -> None:
        """Take away what is left of it."""

    def fds(self) -> list[int]:
        """File descriptors that announce news."""


@dataclass(eq=False)
class ForkedCall:
    """A call in a process of its own. The statements below wait for its end within the case's deadline."""

    process: Process
    clock: Clock
    ended: Event | None = None

    def pump(self) -> None:
        """Take in news without waiting."""
        self.process.pump()
        self.ended = self.ended or self.process.latest("returned", "raised", "not callable")
        if self.ended is None and self.process.exit is not None:
            self.ended = {"event": "died", "exit": self.process.exit}

    def fds(self) -> list[int]:
        """File descriptors that announce news."""
        return self.process.fds()

    @property
    def running(self) -> bool:
        """Whether the function has neither returned nor raised nor died."""
        return self.ended is None

    @property
    def over(self) -> bool:
        """Whether nothing of the answer can still act."""
        return self.ended is not None and not self.ended.get("left", {}).get("threads") and not self._forked()

    def _forked(self) -> bool:
        from course.checker.survivors import descendants

        return self.process.exit is None and bool(descendants(self.process.pid))

    @property
    def died(self) -> bool:
        """Whether the call ended in any other way than by returning."""
        return self.ended is not None and self.ended["event"] != "returned"

    # ------------------------------------------------------------------ statements of a case
    def result(self) -> object:
        """Wait for the function to return; give what it returned."""
        self.clock.until_call(self)
        if self.died:
            raise Failed("raised", expected="your function returns")
        return self.ended["value"] if self.ended else None

    def returns(self, expected: object) -> None:
        """The function returns `expected`, of the same type."""
        got = self.result()
        if type(got) is not type(expected) or got != expected:
            wanted, came = f"your function returns {show(expected)}", f"it returned {show(got)}"
            raise Failed("wrong value", wanted, came, got, expected)

    def raises(self, *expected: type[BaseException]) -> None:
        """The function raises one of these exceptions (or a subclass)."""
        self.clock.until_call(self)
        names = " or ".join(kind.__name__ for kind in expected)
        wanted = f"your function raises {names}"
        if self.ended and self.ended["event"] == "returned":
            raise Failed("not raised", wanted, f"it returned {show(self.ended['value'])}", self.ended["value"])
        bases = self.ended.get("bases", []) if self.ended else []
        if not any(kind.__name__ in bases for kind in expected):
            raise Failed("raised", wanted)

    def leaves_nothing(self) -> None:
        """After its return no socket, thread or process of the answer is left."""
        self.result()
        found = self.left()
        if found:
            raise Failed("left", "nothing of your function's own is left behind", ", ".join(found))

    def stop(self) -> None:
        """Kill the process and everything it started."""
        self.process.stop()

    def bury(self) -> None:
        """Reap what `stop` killed."""
        self.process.bury()

    def left(self) -> list[str]:
        """Return one phrase for each thing that the answer left behind; its threads get a moment to end."""
        from netlib.patience import patience

        event = self.process.ask("l", "left", patience(0.6))
        left = event["left"] if event else {}
        forked = ["a child process"] * self._forked()
        return counted([*left.get("open", []), *left.get("threads", []), *forked])


def counted(names: list[str]) -> list[str]:
    """Return names once each, with how often: ['a thread', 'a thread'] -> ['a thread (2 times)']."""
    return [name if (n := names.count(name)) == 1 else f"{name} ({n} times)" for name in dict.fromkeys(names)]
