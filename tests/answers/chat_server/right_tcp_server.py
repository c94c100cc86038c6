import queue
import select
import socket
import socketserver
import threading


class Handler(socketserver.BaseRequestHandler):
    def setup(self):
        self.name = None
        self.outbox = queue.Queue()
        self.buffer = bytearray()
        self.server.everybody.append(self)
        threading.Thread(target=self.writer, daemon=True).start()

    def writer(self):
        while (text := self.outbox.get()) is not None:
            try:
                self.request.sendall(text.encode("utf-8") + b"\n")
            except OSError:
                break

    def readline(self):
        while b"\n" not in self.buffer:
            if len(self.buffer) > 65536:
                raise ValueError("the line is too long")
            piece = self.request.recv(1024)
            if not piece:
                raise EOFError
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode("utf-8")

    def handle(self):
        try:
            name = self.readline()
            with self.server.lock:
                if any(other.name == name for other in self.server.everybody):
                    self.request.sendall(b"* that name is taken\n")
                    return
                self.name = name
                self.tell(f"* {name} is online")
            while (line := self.readline()) != "exit":
                self.tell(f"{name}: {line}")
        except (OSError, EOFError, ValueError):
            pass

    def tell(self, text):
        with self.server.lock:
            for other in self.server.everybody:
                if other is not self and other.name is not None:
                    other.outbox.put(text)

    def finish(self):
        with self.server.lock:
            self.server.everybody.remove(self)
            if self.name is not None:
                self.tell(f"* {self.name} is down")
        self.outbox.put(None)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, listener):
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.everybody = []
        self.lock = threading.RLock()

    def run(self):
        while True:
            select.select([self.socket], [], [])
            try:
                request, address = self.get_request()
            except OSError:
                break
            self.process_request(request, address)
        with self.lock:
            for handler in self.everybody:
                try:
                    handler.request.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def chat_server(listener):
    Server(listener).run()
