import threading
import socket


def read_line(conn):
    line = bytearray()
    while True:
        byte = conn.recv(1)
        if byte == b"":
            return None
        if byte == b"\n":
            return bytes(line)
        line += byte


def one_client(conn, address):
    print("accepted", address[0])
    try:
        conn.send(b"welcome!\n")
        line = read_line(conn)
        while line is not None and line != b"exit":
            text = "hello " + line.decode("utf-8", "replace") + "\n"
            conn.send(text.encode("utf-8"))
            line = read_line(conn)
    except ConnectionError:
        print("gone")
    conn.close()


def hello_server(listener):
    listener.settimeout(0.1)
    running = True
    while running:
        try:
            conn, address = listener.accept()
        except socket.timeout:
            continue
        except OSError:
            running = False
        else:
            conn.settimeout(None)
            threading.Thread(target=one_client, args=[conn, address], daemon=True).start()
