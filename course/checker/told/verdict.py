"""What a checker says of an answer: one value that panels, the command line and the tests all read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

Outcome = Literal["passed", "not started", "not yet", "not checked"]


@dataclass(frozen=True)
class Diagnosis:
    """Why an answer fails: the one cause that was seen.

    `name` is short and stable (`one-recv`): wrong answers in `tests/answers` name the one they must get.
    `text` is for the learner: what the answer did, why that fails, and what to look at. Plain sentences.
    """

    name: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """The result of one check. Texts hold no ports, durations or addresses: the same on each run.

    `case` is the failing case in the learner's terms; `wire` the lines of the talk ("client sent b'ann\\n'");
    `where` the call that waits and its line ("conn.recv(1024), line 7"), empty unless the answer hung;
    `left` what the answer left behind, one phrase each; `called` the call of a function that talks to nobody;
    `trace` the calls of the answer and of its peers on their sockets, as `sockscope.trace.Record.to_json` writes them;
    `seconds` how long the whole check took (never shown).
    """

    exercise: str
    outcome: Outcome
    passed_cases: int = 0
    total_cases: int = 0
    case: str = ""
    expected: str = ""
    got: str = ""
    diagnosis: Diagnosis | None = None
    where: str = ""
    wire: tuple[str, ...] = ()
    printed: str = ""
    left: tuple[str, ...] = ()
    called: str = ""
    trace: str = field(default="", compare=False, repr=False)
    seconds: float = field(default=0.0, compare=False)

    def as_json(self) -> dict[str, object]:
        """Return the verdict as plain JSON values, the same on each run: not `trace`, which holds ports and times."""
        return {name: value for name, value in asdict(self).items() if name != "trace"}
