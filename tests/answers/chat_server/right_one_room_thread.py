import queue
import socket
import threading


def read(conn, events):
    """Put each line of one connection into the queue, and None at its end."""
    buffer = b""
    try:
        while len(buffer) <= 65536:
            data = conn.recv(1000)
            if not data:
                break
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                events.put((conn, line.decode("utf-8")))
    except (OSError, UnicodeDecodeError):
        pass
    events.put((conn, None))


def room(events):
    """Nobody but this thread knows who is there."""
    names, gone = {}, set()

    def tell(text, sender):
        for conn in list(names):
            if conn is not sender:
                data = text.encode() + b"\n"
                try:
                    if conn.send(data, socket.MSG_DONTWAIT) < len(data):
                        leave(conn)
                except OSError:
                    leave(conn)

    def leave(conn):
        name = names.pop(conn, None)
        gone.add(conn)
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if name is not None:
            tell(f"* {name} is down", conn)

    while True:
        conn, line = events.get()
        if conn is None:
            return
        if line is None:
            leave(conn)
            gone.discard(conn)
            conn.close()
        elif conn in gone:
            continue
        elif conn not in names:
            if line in names.values():
                conn.send(b"* that name is taken\n")
                leave(conn)
            else:
                names[conn] = line
                tell(f"* {line} is online", conn)
        elif line == "exit":
            leave(conn)
        else:
            tell(f"{names[conn]}: {line}", conn)


def chat_server(listener):
    events = queue.Queue()
    worker = threading.Thread(target=room, args=(events,))
    worker.start()
    readers = {}
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        readers[conn] = threading.Thread(target=read, args=(conn, events))
        readers[conn].start()
    for conn in readers:
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    for reader in readers.values():
        reader.join()
    events.put((None, None))
    worker.join()
