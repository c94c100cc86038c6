"""Exercise: lines of text from a stream, each as soon as it is complete."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed
from course.checker.scene.pacing import paced
from course.checker.scene.peers import Peer

TITLE = "Read lines from a stream, each as soon as it is complete"
HINTS = (
    "Keep what has come and is no line yet in one variable of type `bytes`. Put each piece behind it, and take lines "
    "off its front while there is a newline in it.",
    '`line, newline, rest = buffer.partition(b"\\n")` takes one line off. Decode the line, not the piece: a newline '
    "is never part of another character in UTF-8, so a whole line is whole text.",
    'Cut off one `\\r` at most: `line.removesuffix(b"\\r")`. `splitlines` and `strip` know many more marks than this '
    "task does.",
    "After `recv` gave `b''`, what is left in the buffer is the last line, if there is anything left. In a function "
    "with `yield` in it, `return` ends the iteration.",
)


def solution(sock: socket.socket) -> Iterator[str]:
    r"""Yield each line from `sock` without its `\n` or `\r\n`; at last the line that has no end, if there is one."""
    buffer = b""
    while data := sock.recv(4096):
        *lines, buffer = (buffer + data).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()
    if buffer:
        yield buffer.decode()


def check(trial: Trial) -> None:
    """Lines in every cutting, what ends a line and what does not, the last one; each is yielded when it is complete."""
    trial.explain(*RULES)
    for name, pieces, lines in CASES:
        with trial.case(name) as case:
            peer, answer = reads(case, collect)
            paced(case, peer, *pieces)
            peer.ends()
            answer.returns(list(lines))
    for name, talk in ONE_BY_ONE.items():
        with trial.case(name) as case:
            peer, answer = reads(case, tell)
            for piece, complete in talk:
                peer.sends_at_once(piece)
                for line in complete:
                    told(case, peer, line)
            peer.ends()
            answer.result()


def reads(case: Case, via: Callable[..., Any]) -> tuple[Peer, Call]:
    """Call the function on a socket, and take its lines in that way."""
    sock, peer = case.pair()
    return peer, case.call(sock, via=via)


def told(case: Case, peer: Peer, line: str) -> None:
    """Whoever takes the lines has got this one, and says so to the peer."""
    wanted = f"the line {line!r} is yielded when it is complete"
    known = len(case.clock.wire)
    try:
        heard = peer.hears_until(b"\n")[:-1].decode(errors="replace")
    except Failed as failure:
        failure.expected, failure.got = wanted, "it is not yielded"
        raise
    del case.clock.wire[known:]
    case.clock.log(f"the line {heard} is yielded")
    if heard != ascii(line):
        raise Failed("wrong value", wanted, f"{heard} is yielded", heard, ascii(line))


# ---------------------------------------------------------------------- in the answer's process
def collect(function: Callable[..., Any], sock: socket.socket) -> list[Any]:
    """Take all lines."""
    return list(function(sock))


def tell(function: Callable[..., Any], sock: socket.socket) -> None:
    """Take each line, and tell the peer of it over another descriptor: the answer's own calls stay its own."""
    with contextlib.closing(sock.dup()) as voice:
        for line in function(sock):
            voice.sendall(ascii(line).encode() + b"\n")


def each_byte(text: str) -> tuple[bytes, ...]:
    """The UTF-8 of `text`, byte by byte."""
    return tuple(b"%c" % byte for byte in text.encode())


CASES: tuple[tuple[str, tuple[bytes, ...], tuple[str, ...]], ...] = (
    ("three lines at once, and the end", (b"one\ntwo\nthree\n",), ("one", "two", "three")),
    ("two lines in pieces that are cut anywhere", (b"on", b"e\ntw", b"o", b"\n"), ("one", "two")),
    ("lines that end in \\r\\n, and one that ends in \\n", (b"one\r\ntwo\nthree\r\n",), ("one", "two", "three")),
    ("a piece ends between \\r and \\n", (b"one\r", b"\ntwo\r", b"\n"), ("one", "two")),
    ("empty lines", (b"\none\n\n\r\ntwo\n",), ("", "one", "", "", "two")),
    ("the last line has no end", (b"one\ntwo",), ("one", "two")),
    ("nothing comes but the end", (), ()),
    (
        "characters of two, three and four bytes, byte by byte",
        each_byte("Zoë\n中文 \U0001f600\n"),
        ("Zoë", "中文 \U0001f600"),
    ),
    ("spaces and tabs around the text", (b"  one \n\ttwo\t\r\n",), ("  one ", "\ttwo\t")),
    ("a lone \\r in a line", (b"one\rtwo\n",), ("one\rtwo",)),
    ("a line that ends in \\r\\r\\n", (b"one\r\r\n",), ("one\r",)),
    (
        "a form feed, U+0085 and U+2028 in a line",
        ("one\x0ctwo\u0085three\u2028four\n".encode(),),
        ("one\x0ctwo\u0085three\u2028four",),
    ),
    ("a line of 3,000 characters", (b"x" * 3000 + b"\n", b"end\n"), ("x" * 3000, "end")),
)
ONE_BY_ONE: dict[str, tuple[tuple[bytes, tuple[str, ...]], ...]] = {
    "whoever sends a line waits until you have yielded it": (
        (b"one\n", ("one",)),
        (b"two\r\n", ("two",)),
        (b"\n", ("",)),
    ),
    "two lines and the beginning of a third come at once, and then nothing until you have yielded both": (
        (b"one\ntwo\nth", ("one", "two")),
        (b"ree\n", ("three",)),
    ),
}


# ---------------------------------------------------------------------- diagnoses
def lines(seen: Evidence) -> tuple[list[Any], list[str]]:
    """The lines that were yielded and those that were due; two empty lists when the case did not fail by them."""
    if seen.kind == "wrong value" and isinstance(seen.value, list) and isinstance(seen.wanted, list):
        return seen.value, seen.wanted
    return [], []


def text(values: list[Any]) -> str:
    """All lines in one text."""
    return "".join(value for value in values if isinstance(value, str))


@rule
def yields_bytes(seen: Evidence) -> bool:
    """You yielded bytes. The lines are text: decode each one, when it is complete."""
    got, _ = lines(seen)
    return any(isinstance(line, bytes | bytearray) for line in got)


@rule
def not_iterable(seen: Evidence) -> bool:
    """Your function returned something that cannot be iterated over. With `yield line` in it, a function gives its
    lines one by one."""
    return seen.raised("TypeError") and "not iterable" in seen.error.get("message", "") and not seen.error["trail"]


@rule
def yields_characters(seen: Evidence) -> bool:
    """You gave single characters, not lines: whoever iterates over a text gets its characters. Yield each line, or
    return an iterator over lines."""
    got, wanted = lines(seen)
    return got != wanted and len(got) > 1 and all(isinstance(line, str) and len(line) == 1 for line in got)


@rule
def keeps_the_newline(seen: Evidence) -> bool:
    r"""The lines still have their `\n`. Take it off: it ends the line and does not belong to it."""
    got, wanted = lines(seen)
    return got != [] and [line + "\n" for line in wanted][: len(got)] == got


@rule
def keeps_the_carriage_return(seen: Evidence) -> bool:
    r"""A line ended in `\r\n`, and the `\r` is still there. Both together are the line's end: take off one `\r` too."""
    got, wanted = lines(seen)
    return got != wanted and [str(line).removesuffix("\r") for line in got] == wanted


@rule
def stops_at_an_empty_line(seen: Evidence) -> bool:
    """You stopped at an empty line. Only `b''` from `recv` is the end of the stream."""
    got, wanted = lines(seen)
    return "" in wanted and got in (wanted[: wanted.index("")], wanted[: wanted.index("") + 1])


@rule
def one_recv(seen: Evidence) -> bool:
    """You received once. One `recv` gives what has come so far; more lines come later: receive until it gives `b''`."""
    got, wanted = lines(seen)
    return got != wanted and seen.count("recv", "recv_into") == 1 and seen.received() > 0


@rule
def pieces_taken_for_lines(seen: Evidence) -> bool:
    """You took each piece for whole lines. A piece may hold several lines, and it may end in the middle of one: keep
    what stands behind the last newline, and put the next piece behind it."""
    got, wanted = lines(seen)
    glued = any(isinstance(line, str) and "\n" in line[:-1] for line in got)
    return glued or (len(got) > len(wanted) == 2 and text(got) == text(wanted))


@rule
def loses_the_rest(seen: Evidence) -> bool:
    """A piece held more than one line, and the rest of it is lost. Take lines off the buffer until there is no newline
    in it."""
    got, wanted = lines(seen)
    return wanted == ["one", "two", "three"] and got == ["one"] and seen.count("recv", "recv_into") > 1


@rule
def loses_the_last_line(seen: Evidence) -> bool:
    r"""The last line is missing. It had no `\n`, and the end of the stream ends it too: yield what is left when `recv`
    gives `b''`."""
    got, wanted = lines(seen)
    return bool(wanted) and got == wanted[:-1]


@rule
def yields_nothing_at_the_end(seen: Evidence) -> bool:
    """You gave an empty line at the end that nobody sent. When nothing is left behind the last newline, there is no
    last line."""
    got, wanted = lines(seen)
    return seen.kind == "wrong value" and got == [*wanted, ""]


@rule
def skips_empty_lines(seen: Evidence) -> bool:
    r"""Empty lines are missing. Two `\n` in a row are an empty line, and an empty line is a line: yield `""`."""
    got, wanted = lines(seen)
    return "" in wanted and got == [line for line in wanted if line]


@rule
def strips_too_much(seen: Evidence) -> bool:
    r"""The line ended in `\r\r\n`, and both `\r` are gone. One belongs to the line's end, the other to the text:
    `removesuffix` takes off one, `rstrip` takes all."""
    return lines(seen)[0] == ["one"]


@rule
def strips(seen: Evidence) -> bool:
    r"""Spaces or tabs at the ends of a line are gone: `strip` takes them all. Take off the line's end only, `\n` or
    `\r\n`."""
    got, wanted = lines(seen)
    return got != wanted and [line.strip() for line in wanted] == [str(line).strip() for line in got]


@rule
def carriage_return_ends_a_line(seen: Evidence) -> bool:
    r"""A lone `\r` was taken for the end of a line. Only `\n` and `\r\n` end one. (`makefile("r")` translates all three
    unless you say `newline="\n"`.)"""
    got, wanted = lines(seen)
    return wanted == ["one\rtwo"] and got in (["one", "two"], ["one\ntwo"], ["onetwo"])


@rule
def other_marks_end_a_line(seen: Evidence) -> bool:
    r"""A form feed, U+0085 or U+2028 was taken for the end of a line: `splitlines` knows ten such marks. Split at `\n`
    alone."""
    got, wanted = lines(seen)
    return len(wanted) == 1 and len(got) > 1 and text(wanted).startswith(text(got[:1]) + "\x0c")


@rule
def decodes_with_losses(seen: Evidence) -> bool:
    """Characters are lost or replaced: a piece ended inside one, and decoding the piece with `errors=` hid that. Decode
    whole lines."""
    got, wanted = lines(seen)
    return any("Zoë" in line for line in wanted) and got != wanted and not seen.error


@rule
def pieces_decoded(seen: Evidence) -> bool:
    """Decoding failed ({line}): the piece ends inside a character, whose other bytes are still to come. Find the whole
    line first, and decode that."""
    return seen.raised("UnicodeDecodeError")


@rule
def waits_for_more(seen: Evidence) -> bool:
    """A line is complete, and it has not been yielded: your function waits in `{call}` ({line}) for more. Yield each
    line before you receive again; the other end may be waiting for an answer to it."""
    return seen.kind == "hung" and seen.awaited == "your answer" and bool(seen.spot and not seen.spot.busy)


@rule
def no_end_check(seen: Evidence) -> bool:
    """The stream has ended, and your loop goes on ({line}): `recv()` gives `b''` each time. Leave the loop there."""
    return seen.kind == "hung" and any(sock["ends_seen"] > 1 for sock in seen.sockets)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
