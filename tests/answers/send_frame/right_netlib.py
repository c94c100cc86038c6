from netlib.messages import Frames, pack_frame


def send_frame(sock, payload):
    sock.sendall(pack_frame(payload))


def recv_frame(sock, limit):
    frames = Frames(limit)
    while True:
        for payload in frames.feed(sock.recv(1)):
            return payload
        if frames.ended:
            raise EOFError
