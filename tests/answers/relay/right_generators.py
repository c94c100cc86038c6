import socket
import time


def sending(member, line):
    """Send as much as there is room for, again and again; yield between."""
    view = memoryview(line)
    while view:
        try:
            view = view[member.send(view, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            yield


def relay(sender, members, line):
    jobs = {member: sending(member, line) for member in tuple(members) if member is not sender}
    failed = set()
    give_up = time.monotonic() + 1
    while jobs and time.monotonic() < give_up:
        for member, job in list(jobs.items()):
            try:
                next(job)
            except StopIteration:
                del jobs[member]
            except OSError:
                del jobs[member]
                failed.add(member)
        time.sleep(0.005)
    return failed | jobs.keys()
