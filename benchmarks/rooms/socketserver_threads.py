"""`socketserver.ThreadingTCPServer`, a handler for each member."""

import socketserver
import sys
import threading


class Member(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    lock = threading.Lock()
    members: set["Member"] = set()  # noqa: RUF012 - one room

    def handle(self) -> None:
        name = self.rfile.readline().rstrip(b"\n")
        with self.lock:
            self.members.add(self)
        try:
            for line in self.rfile:
                with self.lock:
                    for member in list(self.members):
                        if member is not self:
                            member.hear(name + b": " + line)
        except OSError:
            pass
        finally:
            with self.lock:
                self.members.discard(self)

    def hear(self, line: bytes) -> None:
        try:
            self.connection.sendall(line)
        except OSError:
            self.members.discard(self)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close, request_queue_size = True, False, 4096


def main() -> None:
    with Server(("127.0.0.1", 0), Member) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
