import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress


def chat_server(listener):
    room, everybody = {}, set()
    lock = threading.RLock()

    def hang_up(conn):
        with suppress(OSError):
            conn.shutdown(socket.SHUT_RDWR)

    def tell(text, but):
        data = f"{text}\n".encode()
        with lock:
            for conn in room.values():
                if conn is not but:
                    try:
                        if conn.send(data, socket.MSG_DONTWAIT) != len(data):
                            hang_up(conn)
                    except OSError:
                        hang_up(conn)

    def lines(file):
        while (line := file.readline(4097)).endswith("\n"):
            yield line[:-1]

    def talk(conn):
        name = None
        with suppress(OSError, UnicodeError), conn.makefile("r", encoding="utf-8", newline="\n") as file:
            for line in lines(file):
                if name is None:
                    with lock:
                        if room.setdefault(line, conn) is not conn:
                            conn.sendall(b"* that name is taken\n")
                            break
                        name = line
                        tell(f"* {name} is online", conn)
                elif line == "exit":
                    break
                else:
                    tell(f"{name}: {line}", conn)
        with lock:
            if name is not None:
                del room[name]
                tell(f"* {name} is down", conn)
            everybody.discard(conn)
        conn.close()

    with ThreadPoolExecutor(max_workers=64) as pool:
        while True:
            try:
                conn = listener.accept()[0]
            except OSError:
                break
            everybody.add(conn)
            pool.submit(talk, conn)
        for conn in everybody.copy():
            hang_up(conn)
