import socket


def send_frame(sock, payload):
    file = socket.SocketIO(sock, "w")
    for part in (len(payload).to_bytes(4), payload) if False else (len(payload).to_bytes(4, "big"), payload):
        view = memoryview(part)
        while view:
            view = view[file.write(view):]


def recv_frame(sock, limit):
    with sock.makefile("rb", buffering=0) as file:
        def take(n):
            data = b""
            while len(data) < n:
                more = file.read(n - len(data))
                if more == b"":
                    raise EOFError(f"{len(data)} of {n}")
                data += more
            return data

        length = int.from_bytes(take(4), "big")
        if not length <= limit:
            raise ValueError(f"{length} > {limit}")
        return take(length)
