# diagnosis: length-as-text
def send_frame(sock, payload):
    sock.sendall(f"{len(payload):04}".encode() + payload)


def recv_frame(sock, limit):
    return sock.recv(int(sock.recv(4)))
