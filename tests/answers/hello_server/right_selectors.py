import selectors


def hello_server(listener):
    waiting = {}
    sel = selectors.DefaultSelector()
    sel.register(listener, selectors.EVENT_READ)

    def drop(conn):
        sel.unregister(conn)
        del waiting[conn]
        conn.close()

    def hear(conn):
        data = conn.recv(4096)
        if not data:
            return drop(conn)
        *lines, waiting[conn] = (waiting[conn] + data).split(b"\n")
        for line in lines:
            if line == b"exit":
                return drop(conn)
            conn.sendall(b"hello %b\n" % line)

    while True:
        for key, _ in sel.select():
            if key.fileobj is listener:
                try:
                    conn, _ = listener.accept()
                except OSError:
                    for conn in list(waiting):
                        drop(conn)
                    sel.close()
                    return
                try:
                    conn.sendall(b"welcome!\n")
                except OSError:
                    conn.close()
                    continue
                waiting[conn] = b""
                sel.register(conn, selectors.EVENT_READ)
            else:
                try:
                    hear(key.fileobj)
                except OSError:
                    drop(key.fileobj)
