# diagnosis: exits
import os


def echo_once(listener):
    conn, _ = listener.accept()
    while data := conn.recv(1024):
        conn.sendall(data)
    conn.close()
    os._exit(0)
