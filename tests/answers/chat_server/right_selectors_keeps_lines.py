from __future__ import annotations

import selectors
import socket

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE


class Client:
    """One connection: what has come and is no line yet, and what has still to go."""

    def __init__(self, room: Room, sock: socket.socket) -> None:
        self.room, self.sock = room, sock
        self.name: str | None = None
        self.incoming, self.outgoing = bytearray(), bytearray()
        sock.setblocking(False)
        room.selector.register(sock, READ, self)

    def say(self, text: str) -> None:
        self.outgoing += text.encode() + b"\n"
        self.room.selector.modify(self.sock, READ | WRITE, self)

    def read(self) -> None:
        piece = self.sock.recv(4096)
        self.incoming += piece
        while b"\n" in self.incoming and self in self.room.clients:
            line, _, self.incoming = self.incoming.partition(b"\n")
            self.line(line.decode())
        if not piece or len(self.incoming) > 65536:
            self.room.remove(self)

    def line(self, text: str) -> None:
        if self.name is None:
            if any(other.name == text for other in self.room.clients):
                self.sock.send(b"* that name is taken\n")
                self.room.remove(self)
                return
            self.name = text
            self.room.tell(f"* {text} is online", self)
        elif text == "exit":
            self.room.remove(self)
        else:
            self.room.tell(f"{self.name}: {text}", self)

    def write(self) -> None:
        del self.outgoing[: self.sock.send(self.outgoing)]
        if not self.outgoing:
            self.room.selector.modify(self.sock, READ, self)


class Room:
    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, READ, None)
        self.clients: list[Client] = []

    def tell(self, text: str, sender: Client) -> None:
        for client in self.clients:
            if client is not sender and client.name is not None:
                client.say(text)

    def remove(self, client: Client) -> None:
        if client in self.clients:
            self.clients.remove(client)
            self.selector.unregister(client.sock)
            client.sock.close()
            if client.name is not None:
                self.tell(f"* {client.name} is down", client)

    def run(self) -> None:
        while True:
            for key, events in self.selector.select():
                client: Client | None = key.data
                if client is None:
                    try:
                        self.clients.append(Client(self, self.listener.accept()[0]))
                    except OSError:
                        return
                elif client in self.clients:
                    try:
                        if events & READ:
                            client.read()
                        if events & WRITE and client in self.clients:
                            client.write()
                    except (OSError, UnicodeDecodeError):
                        self.remove(client)

    def close(self) -> None:
        for client in self.clients:
            client.sock.close()
        self.selector.close()


def chat_server(listener: socket.socket) -> None:
    room = Room(listener)
    try:
        room.run()
    finally:
        room.close()
