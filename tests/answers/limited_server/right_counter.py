import queue
import threading


def limited_server(listener, at_most):
    state = {"now": 0}
    lock = threading.Lock()
    line_up = queue.Queue()

    def talk(conn):
        while conn is not None:
            try:
                conn.sendall(b"welcome!\n")
                rest = b""
                over = False
                while not over:
                    data = conn.recv(100)
                    if not data:
                        break
                    rest += data
                    while b"\n" in rest:
                        name, _, rest = rest.partition(b"\n")
                        if name == b"exit":
                            over = True
                            break
                        conn.sendall(b"hello " + name + b"\n")
            except OSError:
                pass
            conn.close()
            with lock:
                conn = None if line_up.empty() else line_up.get()
                if conn is None:
                    state["now"] -= 1

    while True:
        try:
            conn, peer = listener.accept()
        except OSError:
            return
        with lock:
            if state["now"] >= at_most:
                line_up.put(conn)
                continue
            state["now"] += 1
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
