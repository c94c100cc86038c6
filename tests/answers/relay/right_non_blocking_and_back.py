import select
import time


def relay(sender, members, line):
    everybody = [m for m in list(members) if m is not sender]
    todo = {}
    failed = set()
    for m in everybody:
        todo[m] = bytearray(line)
        m.setblocking(False)
    try:
        deadline = time.time() + 1
        while todo and time.time() < deadline:
            _, writable, broken = select.select([], list(todo), list(todo), 0.1)
            for m in writable:
                try:
                    n = m.send(todo[m])
                    del todo[m][:n]
                    if len(todo[m]) == 0:
                        del todo[m]
                except BlockingIOError:
                    pass
                except OSError:
                    failed.add(m)
                    del todo[m]
    finally:
        for m in everybody:
            m.setblocking(True)
    for m in todo:
        failed.add(m)
    return failed
