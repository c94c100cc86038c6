import selectors
import struct


def send_frame(sock, payload):
    data = struct.pack("!I", len(payload)) + payload
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while data:
            selector.select()
            data = data[sock.send(data):]


def recv_frame(sock, limit):
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        data, wanted = b"", 4
        while len(data) < wanted:
            selector.select()
            piece = sock.recv(wanted - len(data))
            if not piece:
                raise EOFError(data)
            data += piece
            if len(data) == 4:
                wanted += struct.unpack("!I", data)[0]
                if wanted - 4 > limit:
                    raise ValueError(wanted - 4)
        return data[4:]
