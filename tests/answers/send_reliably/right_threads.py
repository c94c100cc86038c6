import queue
import threading


def send_reliably(sock, address, chunks):
    answers = queue.Queue()
    over = threading.Event()

    def listen():
        sock.settimeout(0.02)
        while not over.is_set():
            try:
                data, sender = sock.recvfrom(100)
            except TimeoutError:
                continue
            if sender == address:
                answers.put(data)

    listener = threading.Thread(target=listen)
    listener.start()
    for number, chunk in enumerate([*chunks, b""]):
        head = b"%08d" % number
        while True:
            sock.sendto(head + chunk, address)
            try:
                while answers.get(timeout=0.05) != head:
                    pass
                break
            except queue.Empty:
                pass
    over.set()
    listener.join()


def receive_reliably(sock):
    chunks = []
    first = None
    while True:
        try:
            data, sender = sock.recvfrom(2000)
        except TimeoutError:
            return chunks
        first = first or sender
        if sender != first:
            continue
        head, chunk = data[:8], data[8:]
        if int(head) == len(chunks):
            if chunk:
                chunks.append(chunk)
            else:
                sock.settimeout(0.25)
        if int(head) <= len(chunks):
            sock.sendto(head, sender)
