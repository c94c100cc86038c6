import socket
import threading


def chat_client(address, name, lines, show):
    def speak():
        try:
            sock.sendall(f"{name}\n".encode())
            for line in lines:
                sock.sendall(f"{line}\n".encode())
                if line == "exit":
                    return
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            return

    with socket.create_connection(address) as sock:
        speaking = threading.Thread(target=speak)
        speaking.start()
        with sock.makefile("rb") as file:
            try:
                for line in file:
                    show(line[:-1].decode())
            except OSError:
                pass
        speaking.join()
