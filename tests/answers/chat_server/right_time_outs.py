import threading


def chat_server(listener):
    listener.settimeout(0.2)
    stop = threading.Event()
    clients = {}
    lock = threading.Lock()

    def broadcast(message, sender):
        with lock:
            targets = [c for c in clients if c is not sender]
        for target in targets:
            try:
                target.sendall(message)
            except OSError:
                disconnect(target)

    def disconnect(conn):
        with lock:
            name = clients.pop(conn, None)
        if name is not None:
            broadcast(f"* {name} is down\n".encode(), conn)

    def handle(conn):
        conn.settimeout(0.2)
        buffer = b""
        name = None
        while not stop.is_set():
            if name is not None and conn not in clients:
                break
            if b"\n" not in buffer:
                try:
                    data = conn.recv(1024)
                except TimeoutError:
                    continue
                except OSError:
                    break
                if not data or len(buffer) > 65536:
                    break
                buffer += data
                continue
            line, buffer = buffer.split(b"\n", 1)
            try:
                text = line.decode()
            except UnicodeDecodeError:
                break
            if name is None:
                with lock:
                    taken = text in clients.values()
                    if not taken:
                        name = text
                        clients[conn] = name
                if taken:
                    try:
                        conn.sendall(b"* that name is taken\n")
                    except OSError:
                        pass
                    break
                broadcast(f"* {name} is online\n".encode(), conn)
            elif text == "exit":
                break
            else:
                broadcast(f"{name}: {text}\n".encode(), conn)
        disconnect(conn)
        conn.close()

    threads = []
    while True:
        try:
            conn, address = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            break
        thread = threading.Thread(target=handle, args=(conn,))
        thread.start()
        threads.append(thread)
    stop.set()
    for thread in threads:
        thread.join()
