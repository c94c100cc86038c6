"""A failing case once more, in the learner's own kernel: the function itself, in the main thread, the same peer.

Nothing is forked, so that the learner can print, step and draw. The check's statements run in a thread beside;
when they end, the peers hang up, so that a call that waits for them returns. What waits for something else
(a sleep, a lock) goes on until it ends or the stop button is pressed.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.checker.process.program import Program
from course.checker.scene.calls import Call
from course.checker.scene.case import Case
from course.checker.scene.failure import Failed
from course.checker.trial import Trial
from netlib.patience import patience

REPLAY_SECONDS = 10.0  # a person reads and steps: longer than a check waits


@dataclass(frozen=True)
class Replay:
    """What came of it: the wire log, how the case ended (empty: as it should), what the function raised."""

    case: str
    wire: tuple[str, ...]
    problem: str = ""
    value: object = None
    error: BaseException | None = None


Job = Callable[[], None]


@dataclass(eq=False, kw_only=True)
class LocalCall(Call):
    """A call in the main thread of this process, made when that thread gets to it."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    error: BaseException | None = None
    _news: tuple[int, int] = field(default_factory=os.pipe)

    def run(self) -> None:
        """Make the call, here and now."""
        try:
            ended = {"event": "returned", "value": self.function(*self.args)}
        except Exception as error:
            self.error = error
            ended = {"event": "raised", "bases": [base.__name__ for base in type(error).__mro__]}
        self.ended = ended
        os.write(self._news[1], b"!")

    @property
    def over(self) -> bool:
        """Whether the function has ended."""
        return self.ended is not None

    def pump(self) -> None:
        """Nothing to take in: `ended` is set by the main thread."""

    def fds(self) -> list[int]:
        """The pipe that tells of the end, until it has."""
        return [] if self.over else [self._news[0]]

    def left(self) -> list[str]:
        """Nothing: a kernel holds much that is not the answer's."""
        return []

    def stop(self) -> None:
        """Nothing stops a function in the main thread but its peers' hanging up, or the stop button."""

    def bury(self) -> None:
        """Close the pipe that told of its end."""
        for fd in self._news:
            os.close(fd)


@dataclass(eq=False)
class LocalCase(Case):
    """A case whose calls go to the main thread."""

    functions: Sequence[Callable[..., Any]] = ()
    jobs: queue.SimpleQueue[Job | None] = field(default_factory=queue.SimpleQueue)
    made: list[LocalCall] = field(default_factory=list)

    def call(
        self,
        *args: Any,
        which: int = 0,
        via: Callable[..., Any] | None = None,
        before: Callable[[], None] | None = None,
    ) -> Call:
        """Hand the call to the main thread."""
        if before is not None:
            raise Failed("broken", "this case can be replayed", "it changes what lives only in a process of its own")
        function = self.functions[which]
        call = LocalCall(self.clock, function=via or function, args=(function, *args) if via else args)
        self.clock.calls.append(call)
        self.made.append(call)
        self.jobs.put(call.run)
        return call

    def close(self) -> None:
        """Hang up: a function that waits for a peer, or in accept, then goes on."""
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        super().close()


@dataclass
class LocalTrial(Trial):
    """Runs one case, the wanted one, by the functions themselves; skips all others."""

    wanted: str = ""
    functions: Sequence[Callable[..., Any]] = ()
    seconds: float = REPLAY_SECONDS
    jobs: queue.SimpleQueue[Job | None] = field(default_factory=queue.SimpleQueue)
    done: LocalCase | None = None
    problem: str = ""

    @contextlib.contextmanager
    def case(self, name: str, seconds: float = 0) -> Iterator[Case]:
        """Run the case if it is the wanted one."""
        if name != self.wanted:
            with super().skipped(name) as skipped:
                yield skipped
            return
        clock = self.clock(max(seconds, self.seconds))
        self.done = LocalCase(self.program, clock, functions=self.functions, jobs=self.jobs)
        try:
            yield self.done
        except Failed as failure:
            died = any(call.died for call in self.done.made)
            late = "nothing more came in time" if failure.kind == "hung" else ""
            if not (died and failure.kind == "raised"):
                self.problem = f"expected: {failure.expected or 'your function ends'}; {failure.got or late}".strip(
                    "; "
                )
        finally:
            self.done.close()


def replay_case(
    check: Callable[[Trial], None], case: str, functions: Sequence[Callable[..., Any]], seconds: float = REPLAY_SECONDS
) -> Replay:
    """Run the case named `case` of `check` with the learner's own functions, called in this thread.

    Raises:
        LookupError: the check has no such case.
    """
    trial = LocalTrial(Program(()), wanted=case, functions=functions, seconds=patience(seconds))
    broken: list[BaseException] = []

    def statements() -> None:
        try:
            check(trial)
        except BaseException as error:
            broken.append(error)
        finally:
            trial.jobs.put(None)

    beside = threading.Thread(target=statements, name="replay: the peers", daemon=True)
    beside.start()
    try:
        while (job := trial.jobs.get()) is not None:
            job()
    finally:
        if trial.done is not None:
            trial.done.clock.deadline = 0  # after the stop button: the peers wait no longer
        beside.join()
        calls = trial.done.made if trial.done is not None else []
        for call in calls:
            call.bury()
    if broken:
        raise broken[0]
    if trial.done is None:
        raise LookupError(f"the check has no case {case!r}")
    error = next((call.error for call in calls if call.error is not None), None)
    ended = calls[-1].ended if calls else None
    return Replay(case, tuple(trial.done.clock.wire), trial.problem, (ended or {}).get("value"), error)
