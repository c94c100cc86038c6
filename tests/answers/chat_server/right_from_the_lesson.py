import contextlib
import socket
import struct
import threading

from netlib.messages import Lines, PeerError

lock = threading.Lock()
members = set()
names = {}


def lines_of(conn, limit=4096):
    lines = Lines(limit)
    while not lines.ended:
        yield from lines.feed(conn.recv(1024))


def limit_sending(conn, microseconds):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, microseconds))


def others(sender):
    with lock:
        return [member for member in names if member is not sender]


def careful_relay(sender, data):
    for member in others(sender):
        try:
            member.sendall(data)
        except OSError:
            with contextlib.suppress(OSError):
                member.shutdown(socket.SHUT_RDWR)


def enter(conn, name):
    with lock:
        if name in names.values():
            return False
        names[conn] = name
        return True


def leave(conn):
    with lock:
        members.discard(conn)
        name = names.pop(conn, None)
    if name is not None:
        careful_relay(conn, f"* {name} is down\n".encode())


def careful_talk(conn):
    limit_sending(conn, 200_000)
    with conn:
        with contextlib.suppress(OSError, PeerError, StopIteration):
            lines = lines_of(conn)
            name = next(lines)
            if not enter(conn, name):
                conn.sendall(b"* that name is taken\n")
                lines = []
            else:
                careful_relay(conn, f"* {name} is online\n".encode())
            for line in lines:
                if line == "exit":
                    break
                if line == "/who":
                    with lock:
                        online = ", ".join(sorted(names.values()))
                    conn.sendall(f"* online: {online}\n".encode())
                else:
                    careful_relay(conn, f"{name}: {line}\n".encode())
        leave(conn)


def chat_server(listener):
    workers = []
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        with lock:
            members.add(conn)
        workers.append(threading.Thread(target=careful_talk, args=(conn,)))
        workers[-1].start()
    with lock:
        for conn in members:
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
    for worker in workers:
        worker.join()
