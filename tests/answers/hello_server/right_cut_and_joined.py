import socket
import threading


def hello(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"welcome!\n")
        for line in lines:
            name = line.decode().strip()
            if name == "exit":
                break
            conn.sendall(f"hello {name}\n".encode())


def hello_server(listener):
    guests = {}
    while True:
        try:
            conn, peer = listener.accept()
        except OSError:
            break
        worker = threading.Thread(target=hello, args=(conn,))
        guests[worker] = conn
        worker.start()
    for worker, conn in guests.items():
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        worker.join()
