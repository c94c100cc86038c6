import contextlib
import selectors

from netlib.chat import Member, Room


class Connection(Member):
    def __init__(self, sock):
        super().__init__()
        self.sock = sock


def take(sock, member, rules, ready):
    if member is None:
        conn, _ = sock.accept()
        conn.setblocking(False)
        newcomer = Connection(conn)
        ready.register(conn, selectors.EVENT_READ, newcomer)
        rules.join(newcomer)
        return
    try:
        rules.hear(member, sock.recv(16384))
    except OSError:
        rules.lose(member)


def give(rules, ready):
    while turn := list(rules.deliver()):
        for member, data in turn:
            if member.sock.fileno() == -1:
                continue
            with contextlib.suppress(OSError):
                if member.sock.send(data) == len(data) and not member.gone:
                    continue
            ready.unregister(member.sock)
            member.sock.close()
            rules.lose(member)


def chat_server(listener):
    rules = Room()
    with selectors.DefaultSelector() as ready:
        ready.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                try:
                    take(key.fileobj, key.data, rules, ready)
                except OSError:
                    for other in list(ready.get_map().values()):
                        if other.data is not None:
                            other.fileobj.close()
                    return
            give(rules, ready)
