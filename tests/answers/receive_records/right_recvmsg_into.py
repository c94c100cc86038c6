import socket


def receive_records(sock):
    room = bytearray(65536)
    got = []
    while True:
        count, _, flags, _ = sock.recvmsg_into([room])
        if flags & socket.MSG_TRUNC:
            raise ValueError("record cut")
        if count == 0:
            break
        got.append(bytes(room[:count]))
    return got
