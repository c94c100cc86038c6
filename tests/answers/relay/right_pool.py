import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor


def relay(sender, members, line):
    def took_it_all(member):
        rest, deadline = line, time.monotonic() + 1
        try:
            while rest:
                _, ready, _ = select.select([], [member], [], max(0, deadline - time.monotonic()))
                if not ready:
                    return False
                sent = 0
                try:
                    sent = member.send(rest, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    pass
                rest = rest[sent:]
            return True
        except OSError:
            return False

    others = list(members)
    others.remove(sender)
    with ThreadPoolExecutor(len(others)) as pool:
        results = list(pool.map(took_it_all, others))
    return {member for member, fine in zip(others, results) if not fine}
