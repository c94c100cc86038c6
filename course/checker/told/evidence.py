"""What is known of a failed case at its deadline: frozen before anything is cleaned up, read by the diagnoses."""

from __future__ import annotations

import ast
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.checker.drawn.picture import Mask, joined
from course.checker.process.encoding import Opaque
from course.checker.process.runner import OWN_FRAME
from course.checker.process.task import UNABLE
from course.checker.scene.calls import ForkedCall
from course.checker.scene.failure import Failed, Kind

if TYPE_CHECKING:
    from course.checker.drawn.transcript import Transcript
    from course.checker.process.program import Program
    from course.checker.scene.clock import Clock
    from course.checker.scene.peers import Peer

EFFECTS: tuple[Kind, ...] = ("hung", "ended early", "reset", "no end", "returned early", "refused")
RECEIVING = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg")
SENDING = ("send", "sendall", "sendto", "sendmsg", "sendfile")


@dataclass(frozen=True)
class Rule:
    """A diagnosis and when it holds. `text` is a str.format template over `Evidence.words()`."""

    name: str
    text: str
    when: Callable[[Evidence], bool]


def rule(when: Callable[[Evidence], bool]) -> Rule:
    """Make a rule of a function: its name is the diagnosis (`no_end_check`: no-end-check), its docstring the text."""
    return Rule(when.__name__.strip("_").replace("_", "-"), " ".join(text_of(when).split()), when)


def text_of(function: Callable[..., Any]) -> str:
    """Return the docstring of a function, also where Python has thrown it away (`python -OO`, PYTHONOPTIMIZE=2)."""
    code = function.__code__
    return function.__doc__ or _docstrings(code.co_filename).get(code.co_firstlineno, "")


@cache
def _docstrings(file: str) -> dict[int, str]:
    """Return the docstrings of the functions in a file, by the lines on which they begin, decorators included."""
    # optimize=0: from 3.14 on `ast.parse` throws docstrings away too, where Python runs as `python -OO`.
    tree = compile(Path(file).read_text(), file, "exec", ast.PyCF_ONLY_AST, optimize=0)
    functions = [node for node in ast.iter_child_nodes(tree) if isinstance(node, ast.FunctionDef)]
    begin = {node: min([node.lineno, *(each.lineno for each in node.decorator_list)]) for node in functions}
    return {line: ast.get_docstring(node) or "" for node, line in begin.items()}


@dataclass(frozen=True)
class Spot:
    """Where a thread of the answer is: the call, its line, and the socket call under way, if there is one."""

    call: str
    line: str
    busy: bool = False
    lock: str = ""
    elsewhere: bool = False
    method: str = ""
    socket: dict[str, Any] = field(default_factory=dict)
    main: bool = True

    def __str__(self) -> str:
        return f"{self.call}, {self.line}" if self.call else self.line


@dataclass(frozen=True)
class Evidence:
    """One failed case. Diagnoses ask its fields and the questions below; none looks at the answer's text.

    `error` is what the function raised (or a thread of it, if `in_thread`): `type`, `bases`, `errno`,
    `message`, `trail`. `exit` is the process's exit code if it ended by itself (negative: a signal), `unable` why it
    could not go on though no line of the answer failed, `unrun` what a call gave in place of a result ("coroutine").
    `sockets` and `calls` are what the recorder saw (`course.checker.process.recorder`). `trace` is the record to draw.
    """

    kind: Kind
    expected: str
    got: str
    value: object = None
    wanted: object = None
    error: dict[str, Any] = field(default_factory=dict)
    in_thread: bool = False
    exit: int | None = None
    not_callable: str = ""
    stage: str = ""
    spot: Spot | None = None
    reason: str = ""
    line: str = ""
    awaited: str = ""
    sockets: Sequence[dict[str, Any]] = ()
    calls: Sequence[tuple[str, int, int, str]] = field(default=(), repr=False)
    printed: str = field(default="", repr=False)
    left: Sequence[str] = ()
    wire: Sequence[str] = ()
    called: str = ""
    unrun: str = ""
    unable: str = ""
    trace: str = field(default="", repr=False)

    # ------------------------------------------------------------------ questions for rules
    def raised(self, *names: str) -> bool:
        """Whether the failure is an exception of one of these types (or of a subclass)."""
        return any(name in self.error.get("bases", ()) for name in names)

    @property
    def cut_off(self) -> bool:
        """Whether a peer waited for bytes, and the answer had hung up or returned (no exception in sight)."""
        return self.kind in ("ended early", "returned early", "reset") and not self.error

    def of(self, role: str) -> list[dict[str, Any]]:
        """The sockets with this role: listener, conn (from accept), client (it connected), '' (none yet)."""
        return [sock for sock in self.sockets if sock["role"] == role]

    def count(self, *names: str, role: str | None = None, error: str | None = "") -> int:
        """How often these methods were called (on sockets of `role`) with that error; error None: any outcome."""
        numbers = {sock["number"] for sock in self.sockets if role is None or sock["role"] == role}
        return sum(
            call[0] in names and call[1] in numbers and (error is None or call[3] == error) for call in self.calls
        )

    def received(self) -> int:
        """How many bytes the answer received, in all."""
        return sum(sock["received"] for sock in self.sockets)

    def sent(self) -> int:
        """How many bytes the answer sent, in all."""
        return sum(sock["sent"] for sock in self.sockets)

    def waits_in(self, *methods: str) -> bool:
        """Whether the answer hung, waiting in one of these socket calls."""
        return self.kind == "hung" and self.spot is not None and self.spot.method in methods and not self.spot.busy

    def last_failing(self, *methods: str) -> str:
        """The error of the last call of these methods, '' if there was none."""
        return next((call[3] for call in reversed(self.calls) if call[0] in methods), "")

    def words(self) -> dict[str, str]:
        """What a diagnosis's text may name in braces."""
        at = self.error["trail"][-1]["call"] if self.error.get("trail") else ""
        return {
            "call": self.spot.call if self.spot else "",
            "line": self.line or (self.spot.line if self.spot else ""),
            "reason": self.reason or "nothing wakes it",
            "signal": signal_name(self.exit),
            "error": self.error.get("type", ""),
            "message": self.error.get("message", ""),
            "at": at,
            "place": f"{self.line}, in `{at}`" if at else "outside your lines",
            "lock": self.spot.lock if self.spot else "",
            "type": type_name(self.value),
            "wanted_type": type_name(self.wanted),
            "unable": self.unable,
            "left": ", ".join(self.left),
            "not_callable": self.not_callable,
            "exit": str(self.exit),
        }


def type_name(value: object) -> str:
    """Return the name of the type that a value of the answer's had in its process."""
    return value.type_name if isinstance(value, Opaque) else type(value).__name__


def signal_name(exit_code: int | None) -> str:
    """Return the name of the signal that a negative exit code stands for."""
    try:
        return signal.Signals(-(exit_code or 0)).name
    except ValueError:
        return str(exit_code)


def freeze(failure: Failed, clock: Clock, peers: Sequence[Peer], program: Program, mask: Mask) -> Evidence:
    """Return the evidence of `failure`, asking the answer's processes where they are."""
    clock.pump()
    calls = [call for call in clock.calls if isinstance(call, ForkedCall)]
    if failure.kind != "hung":
        for each in calls:
            each.rest()
        clock.pump()  # what they have told meanwhile
    call = next((c for c in calls if c.died), None) or next((c for c in calls if c.running), None)
    call = call or (calls[-1] if calls else None)
    kind, expected = failure.kind, failure.expected or "your function ends"
    shown: dict[str, Any] = {"kind": kind, "expected": expected, "got": failure.got}
    shown |= {"value": failure.value, "wanted": failure.wanted}
    awaiting = [peer for peer in peers if peer.awaits]
    shown |= {"awaited": awaiting[-1].awaits if awaiting else "", "wire": tuple(clock.wire)}
    if call is not None:
        shown |= _of_call(call, kind, peers, program)
        deaf = call.process.latest("where") is None  # it was asked, and one whole answer has come or none
        shown |= {"called": clock.called, "trace": "" if deaf else _drawn(calls, clock.talk, mask)}
    return Evidence(**shown)


def _drawn(calls: Sequence[ForkedCall], talk: Transcript, mask: Mask) -> str:
    """Return the record of the answer's and the peers' calls; empty where a process cannot tell its part any more."""
    processes = dict.fromkeys(call.process for call in calls)
    told = [process.trace() for process in processes]
    try:
        return "" if None in told else joined([str(text) for text in told], talk.record, mask)
    except (ValueError, LookupError, TypeError, AttributeError):  # the answer wrote into the pipe itself
        return ""


def _of_call(call: ForkedCall, kind: Kind, peers: Sequence[Peer], program: Program) -> dict[str, Any]:
    found: dict[str, Any] = {}
    call.process.pump()
    asked, dump = call.process.where() if call.process.exit is None else (None, b"")
    facts = (asked or call.ended or {}).get("facts", {})
    found["sockets"], found["calls"] = facts.get("sockets", ()), [tuple(c) for c in facts.get("calls", ())]
    ended = call.ended or {"event": "running"}
    if ended["event"] == "raised" and kind in (*EFFECTS, "raised"):
        found |= {"kind": "raised", "error": ended, "stage": ended["stage"]}
    elif ended["event"] == "not callable":
        found |= {"kind": "raised", "not_callable": ended["type"]}
    elif ended["event"] == "died":
        found |= {"kind": "raised", "exit": ended["exit"]}
        said = call.process.latest("unable")
        if said or ended["exit"] == UNABLE:
            found["unable"] = said["reason"] if said else "it cannot even report, as after closing all descriptors"
        found["line"] = _spot_from_dump(call.process.stack_dump(), False, program).line
    elif (died := call.process.latest("thread raised")) and kind in EFFECTS:
        found |= {"error": died, "in_thread": True}
    if ended["event"] == "running" and kind == "hung":
        found |= (
            _hang(asked, peers, program) if asked else {"spot": _spot_from_dump(dump, call.process.busy(), program)}
        )
    if found.get("error", {}).get("trail"):
        last = found["error"]["trail"][-1]
        found["line"] = program.place(last["file"], last["line"])
    found["printed"], found["unrun"] = printed(call), ended.get("unrun", "")
    found["left"] = tuple(call.left()) if kind == "left" else ()
    return found


def printed(call: ForkedCall) -> str:
    """Return what the answer printed, with a note where it was cut."""
    text = bytes(call.process.printed).decode(errors="replace")
    return text + ("\n… (and more)" if call.process.cut else "")


def _hang(asked: dict[str, Any], peers: Sequence[Peer], program: Program) -> dict[str, Any]:
    spots = [
        Spot(
            s["call"], program.place(s["file"], s["line"]), s["busy"], s["lock"], s["elsewhere"], s["method"],
            s["socket"] or {}, s["main"],
        )
        for s in asked["spots"]
    ]  # fmt: skip
    waiting = [_text(peer) for peer in peers if peer.awaits]
    spot = next((s for s in spots if s.socket.get("peer") in waiting and s.method != "accept"), None)
    spot = spot or next((s for s in spots if s.busy), None) or (spots[0] if spots else None)
    return {"spot": spot, "reason": _reason(spot, peers)}


def _text(peer: Peer) -> str:
    host, port = peer.address[:2]
    return f"{host}:{port}"


def _reason(spot: Spot | None, peers: Sequence[Peer]) -> str:
    """Say why nothing will come, from what the peers are doing."""
    if spot is None or spot.busy:
        return ""
    if spot.lock:
        if spot.elsewhere:
            return f"`{spot.lock}` is held elsewhere in the notebook, by code that does not run in this check"
        return f"`{spot.lock}` is held, and whoever holds it does not let go"
    states = [peer.state() for peer in peers]
    if spot.method == "accept":
        return "; ".join(["nobody else will connect", *[s for s in states if "closed" not in s]])
    if spot.method in ("connect", "connect_ex"):
        return "nobody answers at that address"
    if spot.socket.get("datagram"):
        return "no further datagram comes"
    mine = [peer.state() for peer in peers if not peer.closed and _text(peer) == spot.socket.get("peer")]
    return "; ".join(mine or states)


def _spot_from_dump(dump: bytes, busy: bool, program: Program) -> Spot:
    """Read the fault handler's dump: the only witness when C code never lets go of the interpreter."""
    found = OWN_FRAME.search(dump)
    if found is None:
        return Spot("", "outside your own lines", busy)
    file, line = found[1].decode(), int(found[2])
    text = program.sources[file].splitlines()[line - 1].strip()
    return Spot(text.removesuffix(":"), program.place(file, line), busy)
