# diagnosis: length-in-one-byte
def send_frame(sock, payload):
    sock.sendall(b"\0\0\0" + bytes([len(payload) & 255]) + payload)


def recv_frame(sock, limit):
    return sock.recv(sock.recv(4)[3])
