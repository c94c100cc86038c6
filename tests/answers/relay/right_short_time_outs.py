import select
import socket
import time


def send_within(member, line, seconds):
    end = time.monotonic() + seconds
    while line:
        left = end - time.monotonic()
        if left <= 0 or not select.select([], [member], [], left)[1]:
            raise TimeoutError
        try:
            line = line[member.send(line, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            pass


def relay(sender, members, line):
    failed = set()
    for member in [m for m in list(members) if m is not sender]:
        try:
            send_within(member, line, 0.3)
        except OSError:
            failed.add(member)
    return failed
