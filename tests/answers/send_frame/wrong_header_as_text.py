# diagnosis: str-sent
def send_frame(sock, payload):
    sock.sendall(str(len(payload)))
    sock.sendall(payload)


def recv_frame(sock, limit):
    return sock.recv(limit)
