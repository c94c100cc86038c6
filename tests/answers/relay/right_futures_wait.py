import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor, wait


def relay(sender, members, line):
    stop = threading.Event()

    def post(member):
        data = line
        while data and not stop.is_set():
            if select.select([], [member], [], 0.05)[1]:
                try:
                    sent = member.send(data, socket.MSG_DONTWAIT)
                    data = data[sent:]
                except BlockingIOError:
                    continue
        return data == b""

    with ThreadPoolExecutor(max_workers=max(1, len(members))) as pool:
        jobs = {pool.submit(post, member): member for member in list(members) if member is not sender}
        wait(jobs, timeout=1)
        stop.set()
    return {member for job, member in jobs.items() if job.exception() or not job.result()}
