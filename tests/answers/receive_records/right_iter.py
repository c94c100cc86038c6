import socket


def receive_records(sock):
    def one():
        data, _, flags, _ = sock.recvmsg(1 << 16)
        if flags & socket.MSG_TRUNC:
            raise ValueError("cut")
        return data

    return list(iter(one, b""))
