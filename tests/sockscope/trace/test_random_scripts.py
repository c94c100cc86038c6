"""Whatever two ends do, the recorder holds, and what is drawn as received is what was received."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sockscope.trace import Record, Trace, draw, trace
from sockscope.trace.match import Matched
from sockscope.trace.record import RECEIVES


@dataclass
class End:
    """One end of the conversation under test: a socket, and what it was given by the kernel."""

    sock: socket.socket
    got: list[bytes] = field(default_factory=list)


Step = Callable[[End, bytes], None]


def take(end: End, size: int) -> None:
    end.got.append(end.sock.recv(size))


def take_into(end: End, size: int) -> None:
    buffer = bytearray(size + 1)
    count = end.sock.recv_into(buffer, size)
    end.got.append(bytes(buffer[:count]))


def take_message(end: End, size: int) -> None:
    end.got.append(end.sock.recvmsg(size)[0])


def take_pieces(end: End, size: int) -> None:
    buffers = [bytearray(1), bytearray(size)]
    count = end.sock.recvmsg_into(buffers)[0]
    end.got.append(b"".join(buffers)[:count])


STEPS: dict[str, Step] = {
    "send": lambda end, data: end.sock.send(data) and None,
    "sendall": lambda end, data: end.sock.sendall(data),
    "sendmsg": lambda end, data: end.sock.sendmsg([data[:1], data[1:]]) and None,
    "recv": lambda end, data: take(end, len(data)),
    "recv all": lambda end, data: take(end, 100_000),
    "recv_into": lambda end, data: take_into(end, len(data)),
    "recvmsg": lambda end, data: take_message(end, len(data)),
    "recvmsg_into": lambda end, data: take_pieces(end, len(data)),
    "peek": lambda end, data: end.sock.recv(10, socket.MSG_PEEK) and None,
    "no more": lambda end, data: end.sock.shutdown(socket.SHUT_WR),
    "deaf": lambda end, data: end.sock.shutdown(socket.SHUT_RD),
    "close": lambda end, data: end.sock.close(),
    "wrong": lambda end, data: end.sock.send("text") and None,  # type: ignore[arg-type]
    "listen": lambda end, data: end.sock.listen(),
}

scripts = st.lists(
    st.tuples(st.booleans(), st.sampled_from(sorted(STEPS)), st.binary(min_size=1, max_size=60)), max_size=40
)


def make_pair(kind: str) -> tuple[socket.socket, socket.socket]:
    if kind == "UNIX":
        return socket.socketpair()
    if kind == "datagrams":
        return socket.socketpair(type=socket.SOCK_DGRAM)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


def run(ends: list[End], script: list[tuple[bool, str, bytes]]) -> None:
    for second, step, data in script:
        with contextlib.suppress(OSError, TypeError):
            STEPS[step](ends[second], data)


def check(t: Trace, ends: list[End]) -> None:
    record = Record.from_json(t.record.to_json())
    assert record == t.record
    assert draw(record).text() == t.text()
    for svg in (t.svg(), t.timeline().svg()):
        ElementTree.fromstring(svg)
    matched = Matched(record)
    for number in record.sockets:
        received = [c for c in matched.by_socket[number] if c.name in RECEIVES and c.ok and not c.peek]
        heads = [c.head[: c.size] for c in received]
        assert any([data[:48] for data in end.got] == heads for end in ends) or not heads
        for call in received:
            drawn = sum(int(a.label.split()[0]) for a in matched.arrows if a.effect is call and a.kind == "data")
            assert drawn == call.size, t.text()


@pytest.mark.parametrize("kind", ["TCP", "UNIX", "datagrams"])
@pytest.mark.parametrize("early", [True, False], ids=["made in the trace", "made before"])
@settings(max_examples=60, deadline=None)
@given(script=scripts)
def test_any_script_is_drawn_as_it_was(kind: str, early: bool, script: list[tuple[bool, str, bytes]]) -> None:
    pair = None if early else make_pair(kind)
    with trace() as t:
        ends = [End(s) for s in pair or make_pair(kind)]
        for end in ends:
            end.sock.setblocking(False)
        run(ends, script)
        for end in ends:
            end.sock.close()
    check(t, ends)


@settings(max_examples=30, deadline=None)
@given(first=scripts, second=scripts)
def test_any_two_threads_are_drawn_as_they_were(
    first: list[tuple[bool, str, bytes]], second: list[tuple[bool, str, bytes]]
) -> None:
    with trace() as t:
        ends = [End(s) for s in make_pair("TCP")]
        for end in ends:
            end.sock.setblocking(False)
        mine = [(False, step, data) for _, step, data in first]
        theirs = [(True, step, data) for _, step, data in second]
        thread = threading.Thread(target=run, args=(ends, theirs))
        thread.start()
        run(ends, mine)
        thread.join()
        for end in ends:
            end.sock.close()
    check(t, ends)
