import os
import socket
import stat
import threading


def why_unreachable(path):
    found = []

    def ask():
        try:
            if not stat.S_ISSOCK(os.stat(path).st_mode):
                found.append("not a socket")
                return
            client.connect(path)
            found.append("listening")
        except FileNotFoundError:
            found.append("no such file")
        except PermissionError:
            found.append("permission denied")
        except OSError:
            found.append("nobody is listening")

    client = socket.socket(socket.AF_UNIX)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, (0).to_bytes(8, "little") + (200_000).to_bytes(8, "little"))
    real_connect = client.connect

    class Patient:
        def connect(self, path):
            try:
                real_connect(path)
            except BlockingIOError:
                pass

    plain, client = client, Patient()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    plain.close()
    return found[0]
