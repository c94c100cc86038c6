import threading


def hello_server(listener):
    def talk(conn):
        buffer = b""
        try:
            conn.sendall(b"welcome!\n")
            while True:
                while b"\n" not in buffer:
                    data = conn.recv(1024)
                    if not data:
                        return
                    buffer += data
                line, buffer = buffer.split(b"\n", 1)
                if line == b"exit":
                    return
                conn.sendall(b"hello " + line + b"\n")
        except OSError as error:
            print("lost", error)
        finally:
            conn.close()

    try:
        while True:
            conn, address = listener.accept()
            t = threading.Thread(target=talk, args=(conn,))
            t.daemon = True
            t.start()
    except OSError:
        pass
