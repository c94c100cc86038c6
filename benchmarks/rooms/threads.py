"""A thread for each member; each line is sent to the others, one `sendall` after the other."""

import socket
import sys
import threading


class Room:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.members: set[socket.socket] = set()

    def tell_others(self, speaker: socket.socket, line: bytes) -> None:
        with self.lock:  # one line at a time: the same order for all
            for member in self.members - {speaker}:
                try:
                    member.sendall(line)
                except OSError:
                    self.members.discard(member)

    def member(self, conn: socket.socket) -> None:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with conn, conn.makefile("rb") as lines:
            name = lines.readline().rstrip(b"\n")
            with self.lock:
                self.members.add(conn)
            try:
                for line in lines:
                    self.tell_others(conn, name + b": " + line)
            except OSError:
                pass
            finally:
                with self.lock:
                    self.members.discard(conn)


def main() -> None:
    room = Room()
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=room.member, args=(conn,), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
