import select
import threading


def send_everything(sock, data):
    result = []

    def work():
        rest = bytearray(data)
        try:
            while rest:
                select.select([], [sock], [])
                del rest[:sock.send(rest)]
        except OSError as error:
            result.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    if result:
        raise result[0]
    return len(data)
