from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator


def chat_client(address: tuple[str, int], name: str, lines: Iterator[str], show: Callable[[str], object]) -> None:
    sock: socket.socket = socket.create_connection(address)
    sock.settimeout(0.1)
    over: threading.Event = threading.Event()

    def hear() -> None:
        buffer: bytearray = bytearray()
        while not over.is_set():
            try:
                data: bytes = sock.recv(2048)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                over.set()
            buffer += data
            while (end := buffer.find(b"\n")) != -1:
                show(str(buffer[:end], "utf-8"))
                del buffer[: end + 1]

    thread: threading.Thread = threading.Thread(target=hear)
    thread.start()
    try:
        sock.sendall(f"{name}\n".encode())
        for line in lines:
            if over.is_set():
                break
            sock.sendall(f"{line}\n".encode())
            if line == "exit":
                break
        else:
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    finally:
        thread.join()
        sock.close()
