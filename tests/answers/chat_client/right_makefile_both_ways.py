import contextlib
import socket
import threading


def chat_client(address, name, lines, show):
    sock = socket.create_connection(address)
    file = sock.makefile("rw", encoding="utf-8", newline="\n")

    def hear():
        with contextlib.suppress(OSError):
            for line in sock.makefile(encoding="utf-8", newline="\n"):
                show(line.rstrip("\n"))

    thread = threading.Thread(target=hear)
    thread.start()
    try:
        print(name, file=file, flush=True)
        for line in lines:
            print(line, file=file, flush=True)
            if line == "exit":
                break
        else:
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    thread.join()
    with contextlib.suppress(OSError):
        file.close()
    sock.close()
