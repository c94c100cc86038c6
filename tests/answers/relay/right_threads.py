import socket
import struct
import threading


def relay(sender, members, line):
    failed = set()

    def one(member):
        try:
            member.sendall(line)
        except OSError:
            failed.add(member)

    threads = {}
    for member in tuple(members):
        if member is not sender:
            member.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 500_000))
            threads[member] = threading.Thread(target=one, args=(member,))
            threads[member].start()
    for thread in threads.values():
        thread.join()
    for member in threads:
        member.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 0))
    return failed
