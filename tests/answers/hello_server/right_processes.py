import os
import signal


def hello_server(listener):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        if os.fork():
            conn.close()
            continue
        try:
            listener.close()
            conn.sendall(b"welcome!\n")
            for line in conn.makefile("rb"):
                if line == b"exit\n":
                    break
                conn.sendall(b"hello " + line)
        finally:
            os._exit(0)
