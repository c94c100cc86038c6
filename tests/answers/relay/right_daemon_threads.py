import threading
import time


def relay(sender, members, line):
    took = set()

    def post(member):
        try:
            member.sendall(line)
            took.add(member)
        except OSError:
            pass

    others = set(members) - {sender}
    threads = [threading.Thread(target=post, args=[member], daemon=True) for member in others]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 1
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    return others - took
