# diagnosis: address-not-a-pair
import socket


def open_listener(host, port):
    return socket.create_server(host, port)
