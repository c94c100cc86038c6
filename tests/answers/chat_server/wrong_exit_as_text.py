# diagnosis: exit-passed-on
import socket
import struct
import threading


def chat_server(listener):
    members = {}  # name: connection
    lock = threading.Lock()

    def relay(line, sender):
        with lock:
            others = [conn for conn in members.values() if conn is not sender]
        for conn in others:
            try:
                conn.sendall(line.encode())
            except OSError:
                try:
                    conn.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def talk(conn):
        name = None
        try:
            with conn, conn.makefile("rb") as file:
                name = enter(conn, file)
                while name is not None:
                    line = file.readline(65537)
                    if not line.endswith(b"\n") or line == "exit\n":
                        break
                    relay(f"{name}: {line.decode()}", conn)
        except (OSError, UnicodeDecodeError):
            pass
        finally:
            everybody.discard(conn)
            if name is not None:
                with lock:
                    del members[name]
                relay(f"* {name} is down\n", conn)

    def enter(conn, file):
        name = file.readline(1000).decode().rstrip("\n")
        if not name:
            return None
        with lock:
            if name in members:
                conn.sendall(b"* that name is taken\n")
                return None
            members[name] = conn
        relay(f"* {name} is online\n", conn)
        return name

    everybody = set()
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 300_000))
        everybody.add(conn)
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
    for conn in list(everybody):
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
