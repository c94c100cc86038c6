import select
import socket
import time


def relay(sender, members, line):
    waiting = {member.fileno(): [member, line] for member in set(members) if member is not sender}
    poll = select.poll()
    for number in waiting:
        poll.register(number, select.POLLOUT)
    failed, began = set(), time.perf_counter()
    while waiting:
        left = 1.0 - (time.perf_counter() - began)
        if left <= 0:
            break
        for number, _ in poll.poll(left * 1000):
            member, rest = waiting[number]
            try:
                rest = rest[member.send(rest, socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                pass
            except OSError:
                failed.add(member)
                rest = b""
            waiting[number][1] = rest
            if not rest:
                poll.unregister(number)
                del waiting[number]
    return failed.union(member for member, _ in waiting.values())
