# diagnosis: part-of-the-line
import socket


def relay(sender, members, line):
    failed = set()
    for member in list(members):
        if member is not sender:
            try:
                member.send(line, socket.MSG_DONTWAIT)
            except OSError:
                failed.add(member)
    return failed
