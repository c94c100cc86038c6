# diagnosis: set-changed
import socket
import struct


def relay(sender, members, line):
    failed = set()
    for member in members:
        if member is sender:
            continue
        member.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 300_000))
        try:
            member.sendall(line)
        except OSError:
            failed.add(member)
    return failed
