import socket


def send_frame(sock, payload):
    sock.sendall(len(payload).to_bytes(4, "big") + payload)


def recv_frame(sock, limit):
    header = sock.recv(4, socket.MSG_WAITALL)
    if len(header) < 4:
        raise EOFError
    length = int.from_bytes(header, "big")
    if length > limit:
        raise ValueError("too long")
    payload = sock.recv(length, socket.MSG_WAITALL)
    if len(payload) < length:
        raise EOFError
    return payload
