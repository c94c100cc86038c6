# diagnosis: gives-up-at-once
import socket


def relay(sender, members, line):
    failed = set()
    for member in list(members):
        if member is not sender:
            try:
                if member.send(line, socket.MSG_DONTWAIT) < len(line):
                    failed.add(member)
            except OSError:
                failed.add(member)
    return failed
