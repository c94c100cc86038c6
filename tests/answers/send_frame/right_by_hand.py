def send_frame(sock, payload):
    n = len(payload)
    header = bytes([(n >> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255])
    message = header + payload
    while len(message) > 0:
        sent = sock.send(message[:4096])
        message = message[sent:]


def recv_frame(sock, limit):
    header = b""
    while len(header) != 4:
        piece = sock.recv(4 - len(header))
        if len(piece) == 0:
            raise EOFError("no frame")
        header = header + piece
    n = header[0] * 16777216 + header[1] * 65536 + header[2] * 256 + header[3]
    print("length", n)
    if n > limit:
        raise ValueError("the frame is too long")
    payload = b""
    while len(payload) != n:
        piece = sock.recv(n - len(payload))
        if len(piece) == 0:
            raise EOFError("half a frame")
        payload = payload + piece
    return payload
