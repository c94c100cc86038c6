# diagnosis: waits-for-conversations
import socket
import threading


def talk(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"welcome!\n")
        for line in lines:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            conn.sendall(f"hello {name}\n".encode())


def hello_server(listener):
    workers = []
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        workers.append(threading.Thread(target=talk, args=(conn,)))
        workers[-1].start()
    for worker in workers:
        worker.join()
