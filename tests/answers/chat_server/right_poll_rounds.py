import select


def chat_server(listener):
    names = {}
    incoming = {}
    outgoing = {}
    listener.setblocking(False)

    def tell(text, but):
        for sock in names:
            if sock is not but:
                outgoing[sock] = outgoing.get(sock, b"") + text.encode("utf-8") + b"\n"

    def drop(sock):
        incoming.pop(sock, None)
        name = names.pop(sock, None)
        try:
            sock.setblocking(False)
            sock.send(outgoing.pop(sock, b""))
        except OSError:
            pass
        sock.close()
        if name is not None:
            tell(f"* {name} is down", sock)

    def one_line(sock, line):
        text = line.decode("utf-8")
        if sock not in names:
            if text in names.values():
                outgoing[sock] = b"* that name is taken\n"
                drop(sock)
            else:
                names[sock] = text
                tell(f"* {text} is online", sock)
        elif text == "exit":
            drop(sock)
        else:
            tell(f"{names[sock]}: {text}", sock)

    def take(sock):
        try:
            data = sock.recv(8192)
            incoming[sock] += data
            while sock in incoming and b"\n" in incoming[sock]:
                line, incoming[sock] = incoming[sock].split(b"\n", 1)
                one_line(sock, line)
            if sock in incoming and (not data or len(incoming[sock]) > 65536):
                drop(sock)
        except (OSError, UnicodeDecodeError):
            drop(sock)

    while True:
        waiting = [sock for sock in outgoing if outgoing[sock]]
        readable, writable, _ = select.select([listener, *incoming], waiting, [])
        for sock in readable:
            if sock is listener:
                try:
                    newcomer, _ = listener.accept()
                except BlockingIOError:
                    continue
                except OSError:
                    for one in list(incoming):
                        one.close()
                    return
                newcomer.setblocking(False)
                incoming[newcomer] = b""
            elif sock in incoming:
                take(sock)
        for sock in writable:
            if sock in incoming:
                try:
                    outgoing[sock] = outgoing[sock][sock.send(outgoing[sock]) :]
                except BlockingIOError:
                    pass
                except OSError:
                    drop(sock)
