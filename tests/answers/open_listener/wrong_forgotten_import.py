# diagnosis: name-not-defined
def open_listener(host, port):
    return socket.create_server((host, port))
