# diagnosis: yields-characters
def read_lines(sock):
    buffer = b""
    while b"\n" not in buffer:
        buffer += sock.recv(1024)
    return buffer.split(b"\n")[0].decode()
