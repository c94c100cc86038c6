import queue
import socket
import threading


class Member:
    def __init__(self, conn):
        self.conn = conn
        self.name = None
        self.outgoing = queue.Queue(maxsize=1000)
        threading.Thread(target=self.write, daemon=True).start()

    def write(self):
        try:
            while True:
                data = self.outgoing.get()
                if data is None:
                    break
                self.conn.sendall(data)
        except OSError:
            pass
        self.hang_up()

    def hang_up(self):
        try:
            self.conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def say(self, text):
        try:
            self.outgoing.put_nowait(text.encode() + b"\n")
        except queue.Full:
            self.hang_up()

    def lines(self):
        buffer = bytearray()
        while True:
            newline = buffer.find(b"\n")
            if newline >= 0:
                line = bytes(buffer[:newline])
                del buffer[: newline + 1]
                yield line.decode("utf-8")
                continue
            if len(buffer) > 65536:
                return
            data = self.conn.recv(4096)
            if not data:
                return
            buffer += data


class ChatRoom:
    def __init__(self):
        self.members = set()
        self.lock = threading.RLock()

    def tell(self, text, but):
        with self.lock:
            for member in self.members:
                if member.name and member is not but:
                    member.say(text)

    def named(self, member, name):
        with self.lock:
            if any(other.name == name for other in self.members):
                return False
            member.name = name
            self.tell(f"* {name} is online", member)
            return True

    def serve(self, member):
        try:
            for line in member.lines():
                if member.name is None:
                    if not self.named(member, line):
                        member.say("* that name is taken")
                        break
                elif line == "exit":
                    break
                else:
                    self.tell(f"{member.name}: {line}", member)
        except (OSError, UnicodeDecodeError):
            pass
        with self.lock:
            self.members.discard(member)
            if member.name:
                self.tell(f"* {member.name} is down", member)
        member.outgoing.put(None)


def chat_server(listener):
    room = ChatRoom()
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            for member in room.members.copy():
                member.hang_up()
            return
        member = Member(conn)
        room.members.add(member)
        threading.Thread(target=room.serve, args=(member,), daemon=True).start()
