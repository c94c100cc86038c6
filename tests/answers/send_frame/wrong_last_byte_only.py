# diagnosis: length-in-one-byte
def send_frame(sock, payload):
    sock.sendall(bytes([0, 0, 0, len(payload)]) + payload)


def recv_frame(sock, limit):
    return sock.recv(sock.recv(4)[3])
