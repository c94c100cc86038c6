# diagnosis: no-length
def send_frame(sock, payload):
    sock.sendall(payload + b"\n")


def recv_frame(sock, limit):
    return sock.makefile("rb").readline().rstrip()
