"""What the exercises of lesson 8 share: a bell between two processes; and what is diagnosed of a chat room."""

import contextlib
import os
import select
import threading
from collections.abc import Iterator

from course.checker import Evidence, Rule, rule
from course.exercises.lesson06.hello_server import shut_down


class Bell:
    """A pipe from one process to another, or between two threads. Rung after it is closed, it is not heard."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._lock, self._closed = threading.Lock(), False

    def ring(self, text: bytes = b"!") -> None:
        """Let `wait` and `heard` notice."""
        with self._lock:
            if not self._closed:
                os.write(self._writing, text)

    def wait(self) -> None:
        """Wait until it rings, or is closed."""
        if not self._closed:
            os.read(self._reading, 1)

    def heard(self) -> bytes:
        """Return what was rung since the last time; do not wait."""
        return os.read(self._reading, 65536) if select.select([self._reading], [], [], 0)[0] else b""

    def close(self) -> None:
        """Wake who waits."""
        with self._lock:
            self._closed = True
            os.close(self._writing)  # first, so that a read that is under way ends
            os.close(self._reading)


@contextlib.contextmanager
def bell() -> Iterator[Bell]:
    """Yield a bell for a case."""
    with contextlib.closing(Bell()) as one:
        yield one


# ---------------------------------------------------------------------- diagnoses of chat_server
def heard(seen: Evidence) -> str:
    """What came in place of what was due, as it is written in Python; empty if nothing did."""
    return seen.got.removeprefix("it heard ").partition(" and ")[0] if seen.got.startswith("it heard b") else ""


def due(seen: Evidence) -> str:
    """What a member waits for, as it is written in Python."""
    return seen.expected.partition(" hears ")[2]


def who(seen: Evidence) -> str:
    """The member that waits for it."""
    return seen.expected.removeprefix("the ").partition(" hears ")[0]


def sent(seen: Evidence, text: str) -> bool:
    """Whether somebody has sent something that begins with this."""
    return any(f" sends {text}" in line for line in seen.wire)


@rule
def set_changed(seen: Evidence) -> bool:
    """{message} ({line}). A member came or left while you went over all of them. Make a copy under the lock, and go
    over that."""
    return seen.raised("RuntimeError") and "during iteration" in seen.error.get("message", "")


@rule
def shutdown_raises(seen: Evidence) -> bool:
    """The listener was shut down, and the caller got {error} ({line}). That OSError is the sign to stop: catch it at
    `accept`, close all connections, and return."""
    return shut_down(seen) and seen.raised("OSError") and not seen.in_thread


@rule
def closes_the_listener(seen: Evidence) -> bool:
    """You closed the listener. It belongs to the caller, who will shut it down and close it."""
    return seen.count("close", role="listener") > 0


@rule
def members_left_connected(seen: Evidence) -> bool:
    """The listener was shut down, and a member is still connected. Remember every connection, those without a name
    too, and shut each of them down before you return."""
    return shut_down(seen) and seen.kind in ("hung", "no end")


@rule
def no_utf8(seen: Evidence) -> bool:
    """Bytes that are no UTF-8 raised {error} ({line}), and the member who sent them was not taken out: the others wait
    for `* bob is down`. Catch it around that member's conversation, and leave as after `exit`."""
    return seen.raised("UnicodeDecodeError") and sent(seen, r"b'\xff\xfe\n'")


@rule
def piece_decoded(seen: Evidence) -> bool:
    """Decoding failed ({line}): the piece ends inside a character. Find the whole line first, and decode that."""
    return seen.raised("UnicodeDecodeError")


@rule
def dead_member_hits_the_speaker(seen: Evidence) -> bool:
    """Sending to a member that has gone raised {error} ({line}) in the thread of somebody else, and ended that one's
    conversation. Catch it for each member that you send to, and go on with the next."""
    sending = any("send" in step.get("call", "") for step in seen.error.get("trail", ())[-1:])
    return seen.raised("OSError") and seen.in_thread and sending


@rule
def reset_not_told(seen: Evidence) -> bool:
    """A member was reset; `recv` raised {error} ({line}), and the thread died before it told the others. A reset is a
    way to leave like `exit`: take the member out in a `finally`."""
    return seen.raised("OSError") and seen.in_thread


@rule
def one_ends_all(seen: Evidence) -> bool:
    """What one member did raised {error} ({line}) in your loop, and that ended the whole room. Catch it around what
    you do for one member, and take that one out."""
    return seen.raised("OSError", "KeyError", "ValueError") and not seen.in_thread


@rule
def one_at_a_time(seen: Evidence) -> bool:
    """A member waits while your function is busy with another one ({line}). Start a thread for each and go back to
    `accept()`, or wait for all of them with `selectors`."""
    late = sum(line.endswith(" connects") for line in seen.wire) > seen.count("accept")
    return seen.kind == "hung" and late


@rule
def sleeper_stops_all(seen: Evidence) -> bool:
    """Bob does not read, and the lines of Ann reach Eve no more: your function waits to send to Bob. Limit that wait,
    or do not wait at all; and put him out, or he costs as much with every line."""
    return seen.expected.endswith("hears each line of the other one") and seen.kind == "hung"


@rule
def put_out_with_the_sleeper(seen: Evidence) -> bool:
    """Bob does not read; Ann and Eve do, and one of them was cut off, or lost a line. What goes wrong for Bob is Bob's
    alone."""
    return seen.expected.endswith("hears each line of the other one")


@rule
def taken_name_let_in(seen: Evidence) -> bool:
    """Somebody took a name that was in use, and did not hear `* that name is taken`. Look for the name among those
    that are there, and let nobody in by it a second time."""
    return "that name is taken" in seen.expected or (who(seen) == "rival" and seen.kind == "wrong bytes")


@rule
def refused_not_closed(seen: Evidence) -> bool:
    """Whoever took a name that was in use is still connected. Close the connection after the notice."""
    return who(seen) == "rival"


@rule
def refusal_told(seen: Evidence) -> bool:
    """Somebody who was refused has never been in the room, and the others heard of it. Tell the others of members
    only."""
    return sent(seen, "b'still me") and heard(seen).startswith(("b'* ann is", "b'*  is"))


@rule
def name_not_free_again(seen: Evidence) -> bool:
    """Ann has left, and her name is still in use: somebody else could not take it. Take it out when its owner leaves,
    and only then."""
    return any(line.startswith("ann again sends") for line in seen.wire)


@rule
def hears_themselves(seen: Evidence) -> bool:
    """A member got their own line back. It goes to all the *others*."""
    return heard(seen).startswith(f"b'{who(seen)}: ")


@rule
def told_of_themselves(seen: Evidence) -> bool:
    """A newcomer heard of their own coming. Notices go to the others, not to the one of whom they speak."""
    return heard(seen).startswith(f"b'* {who(seen)} is online")


@rule
def pieces_taken_for_lines(seen: Evidence) -> bool:
    """Lines came in pieces, or several in one piece, and you took each piece for a line. Collect bytes up to the
    newline; what stands behind it belongs to the next line."""
    return sent(seen, "b'an'") or "sends b'an'" in " ".join(seen.wire)


@rule
def exit_passed_on(seen: Evidence) -> bool:
    """A member said `exit`, and that was passed on as a line. Is the newline still at its end, or do you compare bytes
    with text? `b"exit" == "exit"` is False, without an error."""
    return ": exit\\n" in heard(seen) or (sent(seen, r"b'exit\n'") and seen.awaited.startswith("you to close"))


@rule
def exit_by_its_beginning(seen: Evidence) -> bool:
    """`exit is a word` ended the conversation. Only the whole line `exit` does."""
    return sent(seen, "b'exit is a word") and not sent(seen, r"b'exit\n'")


@rule
def name_passed_on(seen: Evidence) -> bool:
    """The first line is the name: it is not passed on as a line. The others get `* NAME is online`."""
    return "is online" in due(seen) and bool(heard(seen))


@rule
def no_online(seen: Evidence) -> bool:
    """A member came, and the others did not hear `* NAME is online`. What you print, they do not hear."""
    return "is online" in due(seen)


@rule
def no_text_passed_on(seen: Evidence) -> bool:
    """Bytes that are no UTF-8 were passed on, or passed over. Whoever sends them is put out: the others hear `* bob is
    down`."""
    return sent(seen, r"b'\xff\xfe\n'")


@rule
def no_limit(seen: Evidence) -> bool:
    """A member sent 70,000 bytes without a newline, and you go on collecting. Whoever sends more than 65,536 is put
    out, or one member fills your memory."""
    return any("(70,000 bytes)" in line for line in seen.wire)


@rule
def leaves_unheard(seen: Evidence) -> bool:
    """A member left, and the others did not hear `* NAME is down`. Tell them in whatever way it left: `exit`, the end,
    a reset."""
    return "is down" in due(seen)


@rule
def wrong_line(seen: Evidence) -> bool:
    r"""What a member heard is not what was due. A line arrives as `NAME: line` with `\n`, and a notice begins with `*
    `. Compare the two lines above, byte by byte."""
    return seen.kind == "wrong bytes" and bool(heard(seen))


@rule
def line_not_passed_on(seen: Evidence) -> bool:
    """A member spoke, and another one did not hear it. Your function waits meanwhile ({line})."""
    return seen.kind == "hung" and ": " in due(seen)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
