# diagnosis: bytes-formatted-as-text
import time as t


def stamp(text: str) -> bytes:
    answer = "[" + t.ctime() + "] " + text
    print("answer:", len(answer))
    return bytes(answer, encoding="utf-8")


def timestamp_server(server):
    # one client after the other
    running = True
    while running:
        try:
            client, where = server.accept()
        except OSError as stop:
            print("stop")
            running = False
            continue
        try:
            message: bytes = client.recv(2048)
            while len(message) > 0:
                client.sendall(stamp(str(message)))
                message = client.recv(2048)
        except ConnectionError:
            pass
        finally:
            client.close()
