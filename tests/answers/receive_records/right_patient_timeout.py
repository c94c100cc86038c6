import socket


def receive_records(sock):
    sock.settimeout(0.05)
    got = []
    while True:
        try:
            data, _, flags, _ = sock.recvmsg(65536)
        except TimeoutError:
            continue
        if flags & socket.MSG_TRUNC:
            raise ValueError("cut")
        if not data:
            return got
        got.append(data)
