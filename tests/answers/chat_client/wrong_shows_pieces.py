# diagnosis: shows-pieces
import socket
import threading


def chat_client(address, name, lines, show):
    sock = socket.create_connection(address)

    def listen():
        while True:
            try:
                data = sock.recv(1024)
            except ConnectionError:
                break
            if not data:
                break
            show(data.decode(errors="replace").removesuffix("\n"))

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
