# diagnosis: decode-error
import socket
import threading


def talk(conn):
    with conn, conn.makefile("rw", encoding="utf-8", newline="\n") as file:
        print("welcome!", file=file, flush=True)
        for line in file:
            name = line.rstrip("\n")
            if name == "exit":
                break
            print("hello", name, file=file, flush=True)


def hello_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
