# diagnosis: wrong-parameters
import socket


def deliveries(kind):
    return []
