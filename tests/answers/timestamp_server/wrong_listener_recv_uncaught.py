# diagnosis: listener-io
import time


def timestamp_server(listener):
    while True:
        print("waiting for connection...")
        tcpCliSock, addr = listener.accept()
        print("...connected")
        while True:
            data = listener.recv(1024)
            if not data:
                break
            listener.send(b"[" + time.ctime().encode() + b"] " + data)
        tcpCliSock.close()
    listener.close()
