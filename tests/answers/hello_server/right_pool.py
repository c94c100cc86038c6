from concurrent.futures import ThreadPoolExecutor
import socket


def hello_server(listener):
    pool = ThreadPoolExecutor(max_workers=500)
    conns = []

    def talk(conn):
        with conn:
            f = conn.makefile("rb")
            conn.sendall(b"welcome!\n")
            while (line := f.readline()) and line != b"exit\n":
                conn.sendall(b"hello " + line)
            f.close()

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        conns.append(conn)
        pool.submit(talk, conn)
    for conn in conns:
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    pool.shutdown()
