import time


def chat_server(listener):
    listener.setblocking(False)
    clients = []  # each is a dictionary

    def tell_others(client, text):
        for other in clients:
            if other is not client and other["name"] is not None and not other["gone"]:
                other["out"] += text.encode() + b"\n"

    def work(client):
        if client["out"]:
            try:
                n = client["sock"].send(client["out"])
                client["out"] = client["out"][n:]
            except BlockingIOError:
                pass
        try:
            data = client["sock"].recv(4096)
        except BlockingIOError:
            return
        if data == b"":
            client["gone"] = True
        client["in"] += data
        while b"\n" in client["in"] and not client["gone"]:
            line, client["in"] = client["in"].split(b"\n", 1)
            text = line.decode("utf-8")
            if client["name"] is None:
                if text in [other["name"] for other in clients]:
                    client["sock"].send(b"* that name is taken\n")
                    client["gone"] = True
                else:
                    client["name"] = text
                    tell_others(client, "* " + text + " is online")
            elif text == "exit":
                client["gone"] = True
            else:
                tell_others(client, client["name"] + ": " + text)
        if len(client["in"]) > 65536:
            client["gone"] = True

    while True:
        try:
            sock, address = listener.accept()
            sock.setblocking(False)
            clients.append({"sock": sock, "name": None, "in": b"", "out": b"", "gone": False})
        except BlockingIOError:
            pass
        except OSError:
            break
        for client in list(clients):
            try:
                work(client)
            except (OSError, UnicodeDecodeError):
                client["gone"] = True
            if client["gone"]:
                clients.remove(client)
                client["sock"].close()
                if client["name"] is not None:
                    tell_others(client, "* " + client["name"] + " is down")
        time.sleep(0.01)
    for client in clients:
        client["sock"].close()
