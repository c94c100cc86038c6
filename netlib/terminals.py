"""The second terminal that a notebook lacks: run a function beside the cell, and learn how it ended.

`background(f, …)` runs any function. `serving(f, …)` runs a server on a port that the kernel picks, and ends it.
Neither wraps a socket: the function gets a plain `socket.socket` and makes its own calls on it.
"""

from __future__ import annotations

import contextlib
import errno
import linecache
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any, Generic, TypeVar

from netlib.expecting import one_line
from netlib.patience import patience
from netlib.screens import close_screen, open_screen, printing_to

T = TypeVar("T")

# What accept() raises once its listener was shut down: EINVAL on Linux, ECONNABORTED on macOS and the BSDs;
# EBADF when the function closed the listener itself.
_LISTENER_GONE = {errno.EINVAL, errno.ECONNABORTED, errno.EBADF}


class background(Generic[T]):  # reads as a word of the lesson: `task = background(f)`
    """Run `function(*args, **kwargs)` in a thread of its own, beside the cell.

    `result(timeout)` waits for the end, shows what the function printed, and returns what it returned or raises
    what it raised. As a context manager it asks for the result at the end of the block.
    """

    def __init__(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> None:
        if not callable(function):
            raise TypeError(
                f"background() takes a function and its arguments, background(f, x), not what a call returned: "
                f"{function!r}"
            )
        self.name = getattr(function, "__name__", type(function).__name__)
        self._value: T | None = None
        self._error: BaseException | None = None
        self._seen = False
        self._screen = open_screen()
        self._thread = threading.Thread(target=self._run, args=(function, args, kwargs), name=self.name, daemon=True)
        self._thread.start()

    def _run(self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            with printing_to(self._screen):
                self._value = function(*args, **kwargs)
        except BaseException as error:
            # A program that dies closes its sockets. Here its frames would keep them open, and the peer would wait
            # for ever for an end of stream: so the frames let go of what they hold, and keep their line numbers.
            traceback.clear_frames(error.__traceback__)
            self._error = error
        finally:
            close_screen(self._screen)

    @property
    def running(self) -> bool:
        """Whether the function has not ended yet."""
        return self._thread.is_alive()

    def result(self, timeout: float = 5.0) -> T:
        """Wait at most `timeout` seconds for the end; return what the function returned.

        Raises:
            TimeoutError: it has not ended; the text names the call in which it waits.
            BaseException: whatever the function raised.
        """
        self._thread.join(patience(timeout))
        self._screen.show(self.name)
        if self._thread.is_alive():
            raise TimeoutError(f"{self.name}() has not ended after {timeout:g} s: it is in {self.where()}")
        self._seen = True
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]

    def until_waiting(self, timeout: float = 5.0) -> background[T]:
        """Wait until the function itself waits in a call, such as `accept()`; return this handle.

        No event tells that a thread has gone to sleep in the kernel, so this looks again and again: the thread waits
        when it stays at one instruction and uses no processor time. A function that has ended counts too.

        Raises:
            TimeoutError: the function is still busy after `timeout` seconds.
        """
        deadline = time.monotonic() + patience(timeout)
        before, since = self._place(), 0
        while self.running and since < 3:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name}() is still busy after {timeout:g} s: it is in {self.where()}")
            self._thread.join(0.002)
            now = self._place()
            before, since = now, since + 1 if now == before else 0
        return self

    def _place(self) -> tuple[int, int, float] | None:
        """Return the code, the instruction and the processor time at which the thread is."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        if frame is None:
            return None
        try:
            used = time.clock_gettime(time.pthread_getcpuclockid(self._thread.ident or 0))
        except OSError:  # it ended meanwhile
            return None
        return id(frame.f_code), frame.f_lasti, used

    def where(self) -> str:
        """Return the call in which the function is now, with its line, or "no call: it has ended"."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        return describe(frame) if frame else "no call: it has ended"

    def failure(self) -> BaseException | None:
        """Return what the function raised, or None; after this its failure counts as seen."""
        self._seen = True
        return self._error

    def __enter__(self) -> background[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.result()
        elif (failure := self.failure()) is not None:
            error.add_note(f"{self.name}() in the background raised {one_line(failure)}")

    def __del__(self) -> None:
        if getattr(self, "_error", None) is not None and not self._seen:
            warnings.warn(
                f"background({self.name}) raised {one_line(self._error)}, and nobody asked for its result()",  # type: ignore[arg-type]
                RuntimeWarning,
                stacklevel=2,
            )


@contextlib.contextmanager
def serving(
    function: Callable[..., object],
    *args: Any,
    family: socket.AddressFamily = socket.AF_INET,
    type: socket.SocketKind = socket.SOCK_STREAM,
) -> Iterator[Any]:
    """Run the server `function(listener, *args)` in a second terminal; yield the address it serves at.

    The listener is bound to loopback, on a port that the kernel picks, and listens already. At the end of the block
    it is shut down, which wakes a server that waits in `accept()`; then the server's end is awaited. With
    `type=socket.SOCK_DGRAM` the function gets a bound datagram socket instead. When the function ends by itself, its
    listener is closed, as it would be if its program ended.

    Raises:
        RuntimeError: the server could not be ended; the text names the call in which it is.
        BaseException: what the server raised, unless it was the end of its listener. If the block raised too, the
            block's error goes on, with the server's in a note.
    """
    listener = _loopback_socket(family, type)
    listener.settimeout(None)  # a server's wait ends with the block, whatever socket.setdefaulttimeout() says
    address = listener.getsockname()
    with listener:
        server = background(_serve, function, listener, args)
        server.name = getattr(function, "__name__", "server")
        try:
            yield address
        except BaseException as error:
            if (failure := _stop(server, listener)) is not None:
                error.add_note(f"The server {server.name}() raised {one_line(failure)}")
            raise
        if (failure := _stop(server, listener)) is not None:
            raise failure


def _loopback_socket(family: socket.AddressFamily, kind: socket.SocketKind) -> socket.socket:
    host = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}.get(family)
    if host is None:
        raise ValueError(f"serving() knows AF_INET and AF_INET6, not {family!r}")
    if kind == socket.SOCK_STREAM:
        return socket.create_server((host, 0), family=family)
    sock = socket.socket(family, kind)
    try:
        sock.bind((host, 0))
    except OSError:
        sock.close()
        raise
    return sock


def _serve(function: Callable[..., object], listener: socket.socket, args: tuple[Any, ...]) -> None:
    with listener:
        function(listener, *args)


def _stop(server: background[None], listener: socket.socket) -> BaseException | None:
    """End `server`; return its failure, if it had one of its own making."""
    with contextlib.suppress(TimeoutError):  # a server about to end by itself is left to do so
        server.until_waiting(0.5)
    ended_alone = not server.running
    if not ended_alone:
        with contextlib.suppress(OSError):  # ENOTCONN for datagrams, which wakes recvfrom all the same
            listener.shutdown(socket.SHUT_RDWR)
    server._thread.join(patience(0.5))
    forced = server.running and _shut_down_connections(server)
    server._thread.join(patience(2.0))
    server._screen.show(server.name)
    if server.running:
        return RuntimeError(f"the server {server.name}() could not be ended: it is in {server.where()}")
    failure = server.failure()
    if isinstance(failure, OSError) and not ended_alone and (forced or failure.errno in _LISTENER_GONE):
        return None
    return failure


def _shut_down_connections(server: background[None]) -> bool:
    """Shut down every connected socket that the server's frames hold: a `recv` on one of them then ends."""
    frame = sys._current_frames().get(server._thread.ident or 0)
    found = False
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, socket.socket):
                with contextlib.suppress(OSError):
                    value.shutdown(socket.SHUT_RDWR)
                    found = True
        frame = frame.f_back
    return found


def describe(frame: FrameType | None) -> str:
    """Return the source line that `frame` is in, looking out of the standard library: "`conn.recv(9)`, line 4"."""
    library = socket.__file__.rsplit("/", 1)[0]
    inner = frame
    while frame is not None and frame.f_code.co_filename.startswith(library) and frame.f_back is not None:
        frame = frame.f_back
    frame = frame or inner
    if frame is None:
        return "an unknown place"
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    return f"`{line or frame.f_code.co_name}`, line {frame.f_lineno}"
