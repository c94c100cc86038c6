import socket
import socketserver
import struct
import threading


def chat_server(listener):
    members = {}
    lock = threading.RLock()
    connections = set()

    def tell(text, but=None):
        with lock:
            others = [handler for name, handler in members.items() if name != but]
        for other in others:
            try:
                with other.sending:
                    other.request.sendall(text.encode() + b"\n")
            except OSError:
                other.stop()

    class Talk(socketserver.StreamRequestHandler):
        def setup(self):
            super().setup()
            self.sending = threading.Lock()
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 250_000))
            connections.add(self)

        def stop(self):
            try:
                self.request.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

        def lines(self):
            while (line := self.rfile.readline(65537)).endswith(b"\n"):
                yield line[:-1].decode()

        def handle(self):
            name = None
            try:
                for text in self.lines():
                    if name is None:
                        with lock:
                            if text in members:
                                self.wfile.write(b"* that name is taken\n")
                                return
                            name = text
                            members[name] = self
                        tell(f"* {name} is online", name)
                    elif text == "exit":
                        return
                    else:
                        tell(f"{name}: {text}", name)
            except (OSError, UnicodeDecodeError):
                pass
            finally:
                connections.discard(self)
                if name is not None:
                    with lock:
                        del members[name]
                    tell(f"* {name} is down")

        def finish(self):
            try:
                super().finish()
            except OSError:
                pass

    def serve(conn, address):
        with conn:
            Talk(conn, address, None)

    while True:
        try:
            conn, address = listener.accept()
        except OSError:
            break
        threading.Thread(target=serve, args=(conn, address), daemon=True).start()
    for handler in list(connections):
        handler.stop()
