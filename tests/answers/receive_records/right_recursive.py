import socket


def receive_records(sock):
    data, _, flags, _ = sock.recvmsg(65536)
    if flags & socket.MSG_TRUNC:
        raise ValueError("cut")
    return [data] + receive_records(sock) if data else []
