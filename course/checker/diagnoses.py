"""The common diagnoses, in the order in which they are asked: the first that holds is the one that is shown.

Each is recognised by what the answer did (its exceptions, calls, bytes and waits), never by its text: learners
vary names, add prints and use `with` or `try`. An exercise's own rules are asked before these.
"""

from __future__ import annotations

from course.checker.evidence import RECEIVING, SENDING, Evidence, Rule
from course.checker.verdict import Diagnosis


def diagnose(seen: Evidence, own: list[Rule]) -> Diagnosis:
    """Return the one diagnosis of a failed case."""
    for rule in (*own, *COMMON):
        if rule.when(seen):
            return Diagnosis(rule.name, rule.text.format_map(seen.words()))
    return Diagnosis("unexplained", "The case did not go as expected; the lines above say what was seen.")


def _listener_io(seen: Evidence) -> bool:
    return any(
        seen.count(*RECEIVING, *SENDING, role="listener", error=error) for error in ("ENOTCONN", "EPIPE", "EDESTADDRREQ")
    )


def _hung_conn(seen: Evidence) -> dict[str, object]:
    return seen.spot.socket if seen.spot else {}


def _accept_again(seen: Evidence) -> bool:
    return seen.waits_in("accept") and seen.count("accept") > 0


def _spins_at_end(seen: Evidence) -> bool:
    return seen.kind == "hung" and any(sock["ends_seen"] > 20 for sock in seen.sockets)


def _one_recv(seen: Evidence) -> bool:
    cut = seen.kind in ("ended early", "returned early", "no end", "reset") or (
        seen.kind == "wrong value" and isinstance(seen.value, bytes) and 0 < len(seen.value)
    )
    return cut and not seen.error and seen.count(*RECEIVING) == 1 and seen.received() > 0


def _printed_instead(seen: Evidence) -> bool:
    return seen.kind == "wrong value" and seen.value is None and bool(seen.printed.strip())


def _str_for_bytes(seen: Evidence) -> bool:
    return seen.kind == "wrong value" and isinstance(seen.value, str) and "returns b'" in seen.expected


def _bytes_for_str(seen: Evidence) -> bool:
    return seen.kind == "wrong value" and isinstance(seen.value, bytes) and "returns b'" not in seen.expected


def _no_such_parameters(seen: Evidence) -> bool:
    return seen.raised("TypeError") and not seen.error["trail"] and seen.stage == "call" and not seen.in_thread


def _str_sent(seen: Evidence) -> bool:
    return seen.raised("TypeError") and seen.last_failing(*SENDING) == "TypeError:str"


def _collects_first(seen: Evidence) -> bool:
    conn = _hung_conn(seen)
    return seen.waits_in(*RECEIVING) and seen.awaited == "your answer" and conn.get("sent") == 0


DEFINITION = (
    Rule("not-a-function", "What you gave to check is a {not_callable}, not a function. Give the function itself, without parentheses.", lambda seen: bool(seen.not_callable)),
    Rule("asks-for-input", "Your function called input(). A checked answer has no keyboard: use the parameters instead.", lambda seen: seen.raised("NobodyToAsk")),
    Rule("wrong-parameters", "Your function could not be called: {message}. The number of parameters must be the one in the task.", _no_such_parameters),
    Rule("name-not-defined", "{message} ({line}). Is it spelt as where it was made, and is its import there?", lambda seen: seen.raised("NameError") and not seen.raised("UnboundLocalError")),
    Rule("used-before-set", "{message} ({line}). On this path nothing was assigned before it was used.", lambda seen: seen.raised("UnboundLocalError")),
)  # fmt: skip

BYTES_AND_TEXT = (
    Rule("str-sent", "You sent text (str); a socket carries bytes. Encode it where it leaves: text.encode().", _str_sent),
    Rule("decode-error", "Decoding failed at {line}: these bytes are no complete text. TCP may cut a character in two, and a peer may send what is no text at all.", lambda seen: seen.raised("UnicodeDecodeError")),
    Rule("printed-not-returned", "Your function printed its result and returned None. Use return: the caller needs the value.", _printed_instead),
    Rule("returned-none", "Your function returned None: it ended without return, or with a bare one.", lambda seen: seen.kind == "wrong value" and seen.value is None),
    Rule("returned-str", "Your function returned text (str) where bytes were wanted. Return what recv gave, without decoding.", _str_for_bytes),
    Rule("returned-bytes", "Your function returned bytes where another type was wanted. Decode them, or convert them.", _bytes_for_str),
)  # fmt: skip

SOCKETS = (
    Rule("listener-io", "You sent or received on the listening socket. It only accepts: talk through the new socket that accept() returns.", _listener_io),
    Rule("no-end-check", "recv() gave b'' again and again, and your loop went on ({line}). b'' is the end of the stream: leave the loop there.", _spins_at_end),
    Rule("accept-in-loop", "Your function waits in accept() for another client ({line}) while this client waits for its answer. Accept once for each client, before the loop over its messages.", lambda seen: _accept_again(seen) and seen.awaited == "your answer"),
    Rule("accepts-again", "Your function waits in accept() again ({line}), and nobody else will come.", _accept_again),
    Rule("one-recv", "You called recv() once. One recv() gives what has arrived so far, not all that will come: call it in a loop until it gives b''.", _one_recv),
    Rule("answers-too-late", "Your function keeps reading ({line}) and has not sent anything yet, while the client waits for an answer before it says more. Answer each piece as it comes.", lambda seen: _collects_first(seen) and int(str(_hung_conn(seen)["received"])) > 0),
    Rule("not-closed", "Your function has returned, but the connection is still open: the other end waits for the end of the stream. Close the socket that accept() or connect() gave you.", lambda seen: seen.kind == "no end"),
    Rule("keeps-open", "The other end has said all it will, and waits for you to close; your function is still in {call} ({line}).", lambda seen: seen.kind == "hung" and seen.awaited == "you to close the connection" and not (seen.spot and seen.spot.busy)),
    Rule("closed-unread", "The other end was reset: you closed the connection while bytes from it were still unread, and the kernel then says RST instead of an orderly end.", lambda seen: seen.kind == "reset"),
    Rule("not-listening", "A client could not connect: the listener was closed, or its queue is full.", lambda seen: seen.kind == "refused"),
    Rule("left-behind", "After your function returned this was left: {left}. Close what you open, on every path; `with` does it for you.", lambda seen: seen.kind == "left"),
)  # fmt: skip

ENDS = (
    Rule("quits", "Your function called sys.exit() or quit(): that ends the whole program. Use return to end the function.", lambda seen: seen.raised("SystemExit")),
    Rule("crashed", "The answer's process died of signal {exit}: something below Python crashed.", lambda seen: (seen.exit or 0) < 0),
    Rule("exits", "Your function ended the whole process (exit code {exit}), as os._exit() does. Use return to end the function.", lambda seen: seen.exit is not None),
    Rule("thread-died", "A thread of yours died: {error}: {message} ({line}). Whoever waited for it waits in vain.", lambda seen: bool(seen.error) and seen.in_thread),
    Rule("raised", "Your function raised {error}: {message} ({line}, in {at}).", lambda seen: bool(seen.error) and bool(seen.line)),
    Rule("raised", "Your function raised {error}: {message}.", lambda seen: bool(seen.error)),
    Rule("lock", "Your function waits for a lock: {reason} ({line}).", lambda seen: bool(seen.spot and seen.spot.lock)),
    Rule("spins", "Your function was still running in the loop at {line}: it does not wait, it computes without end.", lambda seen: bool(seen.spot and seen.spot.busy)),
    Rule("hangs", "Your function was still waiting in {call} ({line}): {reason}.", lambda seen: seen.kind == "hung" and bool(seen.reason)),
    Rule("hangs", "Your function was still waiting in {call} ({line}) when its time was up.", lambda seen: seen.kind == "hung" and seen.spot is not None),
    Rule("hangs", "Your function had not ended when its time was up.", lambda seen: seen.kind == "hung"),
)  # fmt: skip

RESULTS = (
    Rule("ended-too-soon", "Your side ended the conversation before all was said.", lambda seen: seen.kind in ("ended early", "returned early")),
    Rule("wrong-bytes", "What your function sent is not what was due. Compare the two lines above, byte by byte.", lambda seen: seen.kind == "wrong bytes"),
    Rule("not-raised", "Your function returned where the task asks for an exception.", lambda seen: seen.kind == "not raised"),
    Rule("wrong-value", "The value that your function returned is not the one that was due. Compare the two lines above.", lambda seen: seen.kind == "wrong value"),
    Rule("not-as-asked", "One thing that the task asks for did not hold: see the two lines above.", lambda seen: seen.kind == "broken"),
)  # fmt: skip

COMMON = (*DEFINITION, *BYTES_AND_TEXT, *SOCKETS, *ENDS, *RESULTS)
