# diagnosis: length-as-text
def send_frame(sock, payload):
    sock.sendall(str(len(payload)).encode() + payload)


def recv_frame(sock, limit):
    return sock.recv(int(sock.recv(1)))
