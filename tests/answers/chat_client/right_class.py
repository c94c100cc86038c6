import socket
import threading


class ChatClient:
    def __init__(self, address, name, show):
        self.name = name
        self.show = show
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.connect(address)
        self.thread = threading.Thread(target=self.receive)

    def receive(self):
        chunk = bytearray(512)
        text = bytearray()
        while True:
            try:
                n = self.sock.recv_into(chunk)
            except OSError:
                return
            if n == 0:
                return
            text.extend(chunk[:n])
            *lines, text = text.split(b"\n")
            for line in lines:
                self.show(line.decode("utf-8"))

    def send_line(self, line):
        self.sock.sendall(bytes(line + "\n", "utf-8"))

    def run(self, lines):
        self.thread.start()
        try:
            self.send_line(self.name)
            said_exit = False
            for line in lines:
                self.send_line(line)
                if line == "exit":
                    said_exit = True
                    break
            if not said_exit:
                self.sock.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError, OSError) as error:
            print("the server has gone:", error)
        finally:
            self.thread.join()
            self.sock.close()


def chat_client(address, name, lines, show):
    ChatClient(address, name, show).run(lines)
