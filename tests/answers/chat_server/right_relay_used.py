import select
import socket
import threading
import time


def relay(sender, members, line):
    rest = {member: line for member in list(members) if member is not sender}
    failed = set()
    deadline = time.monotonic() + 0.8
    while rest and (left := deadline - time.monotonic()) > 0:
        for member in select.select([], list(rest), [], left)[1]:
            try:
                rest[member] = rest[member][member.send(rest[member], socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                continue
            except OSError:
                failed.add(member)
            if member in failed or not rest[member]:
                del rest[member]
    return failed | set(rest)


def chat_server(listener):
    names = {}
    connected = set()
    lock = threading.Lock()
    one_at_a_time = threading.RLock()  # so that no line gets into the middle of another

    def shut(conn):
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def say(sender, text):
        with one_at_a_time:
            with lock:
                members = set(names)
            for lost in relay(sender, members, (text + "\n").encode()):
                shut(lost)
                leave(lost)

    def leave(conn):
        with lock:
            name = names.pop(conn, None)
        if name is not None:
            say(conn, f"* {name} is down")

    def talk(conn):
        try:
            with conn.makefile("rb") as stream:
                while (line := stream.readline(65537)) and line.endswith(b"\n"):
                    text = line[:-1].decode()
                    if conn not in names:
                        with lock:
                            if text in names.values():
                                conn.sendall(b"* that name is taken\n")
                                break
                            names[conn] = text
                        say(conn, f"* {text} is online")
                    elif text == "exit":
                        break
                    else:
                        say(conn, f"{names[conn]}: {text}")
        except (OSError, UnicodeDecodeError, KeyError):
            pass
        leave(conn)
        connected.discard(conn)
        shut(conn)
        conn.close()

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        connected.add(conn)
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
    for conn in list(connected):
        shut(conn)
