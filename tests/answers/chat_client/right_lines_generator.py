import socket
import threading

sock = None


def lines_of(conn):
    buffer = b""
    while piece := conn.recv(4096):
        buffer += piece
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", maxsplit=1)
            yield line.decode()


def hear(show):
    try:
        for line in lines_of(sock):
            show(line)
    except ConnectionResetError:
        return


def say(text):
    try:
        sock.sendall(text.encode() + b"\n")
        return True
    except (BrokenPipeError, ConnectionResetError):
        return False


def chat_client(address, name, lines, show):
    global sock
    sock = socket.create_connection(address)
    hearing = threading.Thread(target=hear, args=(show,), daemon=True)
    hearing.start()
    going_on = say(name)
    while going_on:
        try:
            line = next(lines)
        except StopIteration:
            try:
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            break
        going_on = say(line) and line != "exit"
    hearing.join()
    sock.close()
