# diagnosis: accept-in-loop
import time


def timestamp_server(listener):
    try:
        while True:
            while True:
                conn, address = listener.accept()
                print("connected")
                data = conn.recv(1024)
                if data == b"":
                    break
                stamp = bytes(time.ctime(), "utf-8")
                conn.sendall(b"[" + stamp + b"] " + data)
            conn.close()
    except OSError:
        pass
