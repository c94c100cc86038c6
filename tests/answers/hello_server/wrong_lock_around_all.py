# diagnosis: threads-in-turn
import socket
import threading

lock = threading.Lock()


def talk(conn):
    with conn, lock, conn.makefile("rb") as lines:
        try:
            conn.sendall(b"welcome!\n")
            for line in lines:
                if line == b"exit\n":
                    return
                conn.sendall(b"hello " + line.decode().encode())
        except (OSError, UnicodeDecodeError):
            return


def hello_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
