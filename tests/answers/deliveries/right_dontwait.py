import socket


def deliveries(kind, messages):
    one, two = socket.socketpair(type=kind)
    for message in messages:
        one.send(message)
    result = []
    while True:
        try:
            result += [two.recv(65536, socket.MSG_DONTWAIT)]
        except BlockingIOError:
            one.close()
            two.close()
            return result
