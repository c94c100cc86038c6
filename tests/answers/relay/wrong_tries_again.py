# diagnosis: waits-for-one
import socket
import struct
import threading


def relay(sender, members, line):
    failed = set()

    def post(member):
        rest = line
        member.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 1, 0))
        try:
            for _ in range(6):
                try:
                    rest = rest[member.send(rest) :]
                except BlockingIOError:
                    continue
                if not rest:
                    return
        except OSError:
            pass
        finally:
            member.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 0))
        failed.add(member)

    threads = [threading.Thread(target=post, args=(member,)) for member in list(members) if member is not sender]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
