# diagnosis: threads-in-turn
import socket
import threading


def hello_server(listener):
    lock = threading.Lock()

    def talk(conn):
        with conn, conn.makefile("rb") as lines:
            conn.sendall(b"welcome!\n")
            while True:
                with lock:
                    line = lines.readline()
                if line in (b"", b"exit\n"):
                    return
                conn.sendall(b"hello " + line.decode().encode())

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
