# diagnosis: own-listener
import socket


def echo_once(listener):
    with socket.create_server(("127.0.0.1", 0)) as mine:
        conn, _ = mine.accept()
        heard = b""
        with conn:
            while data := conn.recv(1024):
                conn.sendall(data)
                heard += data
        return heard
