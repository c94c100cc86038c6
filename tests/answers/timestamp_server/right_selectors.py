import selectors
import time


def timestamp_server(listener):
    listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    try:
                        conn, _ = listener.accept()
                    except BlockingIOError:
                        continue
                    except OSError:
                        return
                    selector.unregister(listener)
                    conn.setblocking(False)
                    selector.register(conn, selectors.EVENT_READ)
                    continue
                conn = key.fileobj
                try:
                    data = conn.recv(1000)
                    if data:
                        conn.send(b"[" + time.ctime().encode() + b"] " + data)
                except ConnectionError:
                    data = b""
                if not data:
                    selector.unregister(conn)
                    conn.close()
                    selector.register(listener, selectors.EVENT_READ)
