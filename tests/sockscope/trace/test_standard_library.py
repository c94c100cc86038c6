"""The standard library's servers and clients do the same with and without a trace, and leave nothing open.

pytest turns every ResourceWarning and every exception in a thread into a failure (pyproject.toml).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import http.server
import os
import re
import selectors
import socket
import socketserver
import ssl
import subprocess
import sys
import textwrap
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sockscope.trace import Trace, trace

LOOPBACK = ("127.0.0.1", 0)


@contextlib.contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class Shout(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line.upper())


class ShoutDatagram(socketserver.DatagramRequestHandler):
    def handle(self) -> None:
        self.wfile.write(self.rfile.read().upper())


def socketserver_streams() -> object:
    with socketserver.ThreadingTCPServer(LOOPBACK, Shout) as server, running(server):
        answers = []
        for word in (b"one\n", b"two\n"):
            with socket.create_connection(server.server_address) as client, client.makefile("rwb") as file:
                file.write(word)
                file.flush()
                answers.append(file.readline())
    return answers


def socketserver_forking() -> object:
    with socketserver.ForkingTCPServer(LOOPBACK, Shout) as server, running(server):
        with socket.create_connection(server.server_address) as client:
            client.sendall(b"fork\n")
            client.shutdown(socket.SHUT_WR)
            return client.makefile("rb").read()


def socketserver_datagrams() -> object:
    with socketserver.UDPServer(LOOPBACK, ShoutDatagram) as server, running(server):
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(b"word", server.server_address)
            return client.recv(100)


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.path.encode() * 1000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def http_and_urllib() -> object:
    with http.server.ThreadingHTTPServer(LOOPBACK, Page) as server, running(server):
        url = f"http://127.0.0.1:{server.server_port}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        pages = []
        for path in ("/a", "/bc"):
            with opener.open(url + path) as reply:
                pages.append((reply.status, reply.read()))
    return pages


def _context(side: int) -> ssl.SSLContext:
    """Return a context that needs no certificate: key agreement without one, which TLS 1.3 has no more."""
    context = ssl.SSLContext(side)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    return context


def tls() -> object:
    def serve(listener: socket.socket) -> None:
        with _context(ssl.PROTOCOL_TLS_SERVER).wrap_socket(listener, server_side=True) as tls_listener:
            conn, _ = tls_listener.accept()
            with conn:
                conn.sendall(conn.recv(100).upper())

    listener = socket.create_server(LOOPBACK)
    thread = threading.Thread(target=serve, args=(listener,))
    address = listener.getsockname()
    thread.start()
    with socket.create_connection(address) as raw:
        with _context(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(raw) as client:
            client.sendall(b"secret")
            answer = client.recv(100), client.version(), client.recv(1)
    thread.join()
    return answer


def asyncio_streams() -> object:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def ask(port: int, word: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.writelines([word, b"\n"])
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        await asyncio.to_thread(len, answer)  # wakes the loop from a thread, through its own pipe
        return answer

    async def main() -> list[bytes]:
        server = await asyncio.start_server(shout, *LOOPBACK)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await asyncio.gather(*(ask(port, word) for word in (b"one", b"two")))

    return asyncio.run(main())


def asyncio_datagrams() -> object:
    class Answer(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
            self.transport.sendto(data.upper(), address)

    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Answer, local_addr=LOOPBACK)
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            client.connect(transport.get_extra_info("sockname"))
            await loop.sock_sendall(client, b"word")
            answer = await loop.sock_recv(client, 100)
        transport.close()
        return answer

    return asyncio.run(main())


def one_thread_with_selectors() -> object:
    with selectors.DefaultSelector() as selector, socket.create_server(LOOPBACK) as listener:
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ)
        client = socket.create_connection(listener.getsockname())
        client.sendall(b"hello")
        client.shutdown(socket.SHUT_WR)
        heard = b""
        while selector.get_map():
            for key, _ in selector.select(5):
                ready = key.fileobj
                assert isinstance(ready, socket.socket)
                if ready is listener:
                    conn, _ = listener.accept()
                    selector.register(conn, selectors.EVENT_READ)
                    selector.unregister(listener)
                elif data := ready.recv(2):
                    heard += data
                else:
                    selector.unregister(ready)
                    ready.close()
        client.close()
    return heard


PROGRAMS = (
    socketserver_streams,
    socketserver_forking,
    socketserver_datagrams,
    http_and_urllib,
    tls,
    asyncio_streams,
    asyncio_datagrams,
    one_thread_with_selectors,
)


def open_files() -> set[str]:
    return {f"{fd} {os.readlink(f'/dev/fd/{fd}')}" for fd in os.listdir("/dev/fd") if os.path.exists(f"/dev/fd/{fd}")}


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_the_result_is_the_same_and_nothing_stays_open(program: Callable[[], object]) -> None:
    before = dict(socket.socket.__dict__)
    without = program()
    gc.collect()
    files, threads = open_files(), set(threading.enumerate())
    with trace() as t:
        traced = program()
    gc.collect()
    assert traced == without
    assert open_files() == files
    assert set(threading.enumerate()) == threads
    assert dict(socket.socket.__dict__) == before
    assert len(t.record.calls) > 2
    assert t.text()
    assert t.svg()
    assert t.timeline().svg()


def _drawn(program: Callable[[], object]) -> Trace:
    with trace() as t:
        program()
    return t


def test_what_asyncio_sends_is_drawn_but_not_its_own_pipe() -> None:
    t = _drawn(asyncio_streams)
    assert all(s.family == "IPv4" for s in t.record.sockets.values())
    assert t.text().count("⇠ 4 B from") == 4
    assert "BlockingIOError" not in "".join(line for line in t.text().splitlines() if "connect" not in line)


@pytest.mark.parametrize(
    ("program", "calls"),
    [
        (socketserver_streams, {"recv_into(buffer)"}),
        (asyncio_streams, {"recv(…)"}),
        (http_and_urllib, {"recv_into(buffer)"}),
    ],
)
def test_how_much_the_standard_library_asks_for_is_its_own_affair(
    program: Callable[[], object], calls: set[str]
) -> None:
    """So a picture is the same on each Python: from 3.14 on the file of `makefile` has a buffer of another size."""
    text = _drawn(program).text()
    assert set(re.findall(r"recv\w*\([^)]*\)", text)) == calls


def test_how_much_the_learner_asks_for_is_shown() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        with a, b:
            a.sendall(b"12345")
            b.recv_into(bytearray(3))
            b.recv(2)
    assert set(re.findall(r"recv\w*\([^)]*\)", t.text())) == {"recv_into(buffer of 3)", "recv(2)"}


def test_what_tls_hides_is_said() -> None:
    text = _drawn(tls).text()
    assert "TLS: what it sends and receives inside the socket is not shown" in text
    assert "SYN, SYN-ACK, ACK" in text
    assert "secret" not in text


def test_the_pages_of_http_arrive_where_they_were_sent() -> None:
    t = _drawn(http_and_urllib)
    assert "b'HTTP/1.1 200 OK" in t.text()
    received = sum(c.size for c in t.record.calls if c.name.startswith("recv"))
    sent = sum(c.size for c in t.record.calls if c.name.startswith("send"))
    assert received == sent > 5000


def test_nothing_is_warned_about() -> None:
    """A program that closes all it opens ends without a warning, with every warning on."""
    program = """
        import socket, threading
        from sockscope.trace import trace
        with trace() as t:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                with socket.create_connection(listener.getsockname()) as client:
                    conn, _ = listener.accept()
                    with conn, conn.makefile("rw") as file:
                        client.sendall(b"line\\n")
                        print(file.readline(), end="")
        assert t.text() and t.svg()
    """
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "always", "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr, done.returncode) == ("line\n", "", 0)
