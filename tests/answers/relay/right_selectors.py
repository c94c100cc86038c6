import selectors
import socket
import time


def relay(sender, members, line):
    failed = set()
    end = time.monotonic() + 1.0
    with selectors.DefaultSelector() as ready:
        for member in members.copy():
            if member != sender:
                ready.register(member, selectors.EVENT_WRITE, [memoryview(line)])
        while ready.get_map() and time.monotonic() < end:
            for key, _ in ready.select(max(0, end - time.monotonic())):
                try:
                    sent = key.fileobj.send(key.data[0], socket.MSG_DONTWAIT)
                except BlockingIOError:
                    continue
                except OSError:
                    failed.add(key.fileobj)
                    ready.unregister(key.fileobj)
                    continue
                key.data[0] = key.data[0][sent:]
                if not key.data[0]:
                    ready.unregister(key.fileobj)
        return failed | {key.fileobj for key in ready.get_map().values()}
