# diagnosis: lock
import threading

guard = threading.Lock()


def remember(heard, data):
    with guard:
        heard.append(data)


def echo_once(listener):
    conn, _ = listener.accept()
    heard = []
    while data := conn.recv(1024):
        with guard:
            conn.sendall(data)
            remember(heard, data)
    conn.close()
    return b"".join(heard)
