# diagnosis: quits
import sys


def echo_once(listener):
    conn, _ = listener.accept()
    while data := conn.recv(1024):
        conn.sendall(data)
    conn.close()
    sys.exit()
