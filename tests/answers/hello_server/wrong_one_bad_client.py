# diagnosis: one-bad-client-ends-all
import selectors


def hello_server(listener):
    waiting = {}
    with selectors.DefaultSelector() as sel:
        sel.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in sel.select():
                conn = key.fileobj
                if conn is listener:
                    try:
                        conn, _ = listener.accept()
                    except OSError:
                        return
                    conn.sendall(b"welcome!\n")
                    waiting[conn] = b""
                    sel.register(conn, selectors.EVENT_READ)
                    continue
                data = conn.recv(4096)
                *lines, waiting[conn] = (waiting[conn] + data).split(b"\n")
                for line in lines:
                    if line != b"exit":
                        conn.sendall(f"hello {line.decode()}\n".encode())
                if not data or b"exit" in lines:
                    sel.unregister(conn)
                    conn.close()
