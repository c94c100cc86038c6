# diagnosis: four-values
import socket


def receive_records(sock):
    data, flags = sock.recvmsg(65536)
    return [data]
