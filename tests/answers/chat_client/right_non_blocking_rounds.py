import socket
import threading
import time


def chat_client(address, name, lines, show):
    sock = socket.create_connection(address)
    sock.setblocking(False)

    def hear():
        buffer = b""
        while True:
            try:
                piece = sock.recv(4096)
            except BlockingIOError:
                time.sleep(0.02)
                continue
            except OSError:
                return
            if piece == b"":
                return
            buffer = buffer + piece
            while buffer.find(b"\n") >= 0:
                position = buffer.find(b"\n")
                show(buffer[0:position].decode("utf-8"))
                buffer = buffer[position + 1 :]

    thread = threading.Thread(target=hear)
    thread.start()
    try:
        sock.sendall((name + "\n").encode("utf-8"))
        ended = True
        for line in lines:
            sock.sendall((line + "\n").encode("utf-8"))
            if line == "exit":
                ended = False
                break
        if ended:
            sock.shutdown(socket.SHUT_WR)
    except OSError as error:
        print("could not send:", error)
    thread.join()
    sock.close()
