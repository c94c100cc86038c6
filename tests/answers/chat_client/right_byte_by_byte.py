import socket
import threading


def receive(sock, show):
    line = b""
    while True:
        try:
            byte = sock.recv(1)
        except OSError:
            return
        if byte == b"":
            return
        if byte == b"\n":
            show(line.decode("utf-8"))
            line = b""
        else:
            line = line + byte


def send_everything(sock, name, lines):
    message = name + "\n"
    sock.sendall(message.encode("utf-8"))
    for line in lines:
        message = line + "\n"
        sock.sendall(message.encode("utf-8"))
        if line == "exit":
            return
    sock.shutdown(socket.SHUT_WR)


def chat_client(address, name, lines, show):
    sock = socket.socket()
    sock.connect(address)
    thread = threading.Thread(target=receive, args=(sock, show))
    thread.start()
    try:
        send_everything(sock, name, lines)
    except OSError:
        pass
    thread.join()
    sock.close()
