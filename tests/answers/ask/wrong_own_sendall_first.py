# diagnosis: sends-before-it-reads
import socket


def ask(address, question, timeout):
    sock = socket.socket()
    try:
        sock.settimeout(timeout)
        sock.connect(address)
        while question:
            question = question[sock.send(question) :]
        sock.shutdown(socket.SHUT_WR)
        parts = []
        while part := sock.recv(4096):
            parts.append(part)
        return b"".join(parts)
    finally:
        sock.close()
