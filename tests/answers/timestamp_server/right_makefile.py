import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        try:
            with conn, conn.makefile("rwb") as stream:
                while data := stream.read1(100):
                    stream.write(b"[%s] %s" % (time.ctime().encode(), data))
                    stream.flush()
        except ConnectionError:
            pass
