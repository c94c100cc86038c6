# diagnosis: args-no-tuple
import threading


def hello_server(listener):
    def talk(conn):
        with conn, conn.makefile("rwb", buffering=0) as stream:
            stream.write(b"welcome!\n")
            for line in stream:
                name = line.rstrip(b"\n")
                if name == b"exit":
                    break
                stream.write(b"hello " + name + b"\n")

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn), daemon=True).start()
