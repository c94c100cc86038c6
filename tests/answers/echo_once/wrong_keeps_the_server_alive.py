# diagnosis: keeps-open
import time


def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        conn.sendall(data)
        heard += data
    time.sleep(3600)
    conn.close()
    return heard
