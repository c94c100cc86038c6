import time


def timestamp_server(listener):
    conn = None
    try:
        while 1:
            conn, addr = listener.accept()
            try:
                data = b"?"
                while data != b"":
                    data = conn.recv(1024)
                    if data != b"":
                        stamp = "[" + time.ctime(time.time()) + "] "
                        conn.sendall(b"".join([stamp.encode(), data]))
            except OSError as error:
                print("client:", error)
            finally:
                conn.close()
    except OSError as error:
        print("listener:", error)
    print("bye")
