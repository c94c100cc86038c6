import threading


def hello_udp(sock):
    def answer(name, peer):
        try:
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            pass

    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        thread = threading.Thread(target=answer, args=(name, peer))
        thread.start()
        thread.join()
