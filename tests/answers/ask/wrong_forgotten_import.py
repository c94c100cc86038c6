# diagnosis: name-not-defined


def ask(address, question, timeout):
    with socket.create_connection(address, timeout=timeout) as client:
        client.sendall(question)
