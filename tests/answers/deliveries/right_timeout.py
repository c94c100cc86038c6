import socket


def deliveries(kind, messages):
    sender, receiver = socket.socketpair(socket.AF_UNIX, kind)
    try:
        [sender.send(message) for message in messages]
        receiver.settimeout(0.1)
        heard = []
        while True:
            try:
                heard.append(receiver.recv(65536))
            except TimeoutError:
                break
    finally:
        sender.close()
        receiver.close()
    return heard
