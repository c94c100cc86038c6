import socket
from threading import Thread


def chat_client(address, name, lines, show):
    sock = socket.create_connection(address)

    def hear():
        data = b""
        try:
            while True:
                new = sock.recv(100)
                if not new:
                    break
                data += new
                parts = data.split(b"\n")
                for part in parts[:-1]:
                    show(part.decode())
                data = parts[-1]
        except OSError:
            pass
        finally:
            sock.close()

    thread = Thread(target=hear)
    thread.start()
    last = ""
    try:
        sock.sendall(name.encode() + b"\n")
        while last != "exit":
            last = next(lines)
            sock.sendall(last.encode() + b"\n")
    except StopIteration:
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    except OSError:
        pass
    thread.join()
