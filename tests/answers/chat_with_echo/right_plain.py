import socket


def chat_with_echo(address, lines, show):
    count = 0
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect(address)
    try:
        for line in lines:
            if line == "":
                break
            sock.sendall((line + "\n").encode("utf-8"))
            buffer = bytearray()
            while b"\n" not in buffer:
                data = sock.recv(4096)
                if not data:
                    return count
                buffer += data
            show(buffer.partition(b"\n")[0].decode("utf-8"))
            count += 1
    except (ConnectionResetError, BrokenPipeError):
        pass
    finally:
        sock.close()
    return count
