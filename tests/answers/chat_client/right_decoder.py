import codecs
import socket
from contextlib import suppress
from threading import Thread


def chat_client(address, name, lines, show):
    def hear():
        decoder, text = codecs.getincrementaldecoder("utf-8")(), ""
        with suppress(ConnectionError):
            for piece in iter(lambda: sock.recv(4096), b""):
                *whole, text = (text + decoder.decode(piece)).split("\n")
                [show(line) for line in whole]

    with socket.create_connection(address) as sock:
        (thread := Thread(target=hear)).start()
        with suppress(OSError):
            for line in (one for source in ([name], lines) for one in source):
                sock.sendall((line + "\n").encode())
                if line == "exit":
                    break
            else:
                sock.shutdown(socket.SHUT_WR)
        thread.join()
