import socket

from netlib import chat


def chat_client(address, name, lines, show):
    with socket.create_connection(address) as sock:
        chat.converse(sock, name, lines, show)
