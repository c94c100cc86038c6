# diagnosis: no-end-check
import socket
import threading


def chat_client(address, name, lines, show):
    sock = socket.create_connection(address)

    def listen():
        buffer = b""
        while True:
            try:
                buffer += sock.recv(1024)
            except ConnectionError:
                break
            while b"\n" in buffer:
                line, buffer = buffer.split(b"\n", 1)
                show(line.decode())

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        sock.sendall(name.encode() + b"\n")
        for line in lines:
            sock.sendall(line.encode() + b"\n")
            if line == "exit":
                break
        else:
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    listener.join()
    sock.close()
