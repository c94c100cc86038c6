import queue
import select
import socket
import threading


def type_lines(lines, typed):
    for line in lines:
        typed.put(line)
        if line == "exit":
            return
    typed.put(None)


def chat_client(address, name, lines, show):
    typed = queue.Queue()
    typed.put(name)
    keyboard = threading.Thread(target=type_lines, args=(lines, typed))
    keyboard.start()
    sock = socket.create_connection(address)
    sock.setblocking(False)
    received = b""
    to_send = b""
    finished = False
    try:
        while True:
            while not finished and not typed.empty():
                line = typed.get_nowait()
                if line is None:
                    finished = True
                else:
                    to_send += line.encode() + b"\n"
            if finished and not to_send:
                sock.shutdown(socket.SHUT_WR)
                finished = False
            r, w, _ = select.select([sock], [sock] if to_send else [], [], 0.05)
            if r:
                data = sock.recv(4096)
                if not data:
                    break
                received += data
                while True:
                    i = received.find(b"\n")
                    if i == -1:
                        break
                    show(received[:i].decode())
                    received = received[i + 1 :]
            if w:
                n = sock.send(to_send)
                to_send = to_send[n:]
    except OSError:
        pass
    sock.close()
    keyboard.join()
