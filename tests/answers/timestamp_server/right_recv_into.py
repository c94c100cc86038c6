from time import ctime


def timestamp_server(listener):
    buffer = bytearray(4096)
    view = memoryview(buffer)
    while True:
        try:
            conn, address = listener.accept()
        except OSError:
            return None
        try:
            while count := conn.recv_into(buffer):
                conn.sendmsg([b"[", ctime().encode("ascii"), b"] ", view[:count]])
        except OSError:
            pass
        finally:
            conn.close()
