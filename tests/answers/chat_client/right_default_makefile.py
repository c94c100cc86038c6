import socket
import threading


def chat_client(address, name, lines, show):
    sock = socket.create_connection(address)
    reader = sock.makefile("r")
    writer = sock.makefile("w")

    def hear():
        try:
            for line in reader:
                show(line[:-1])
        except OSError:
            pass

    def send(text):
        writer.write(text + "\n")
        writer.flush()

    t = threading.Thread(target=hear)
    t.start()
    try:
        send(name)
        for line in lines:
            send(line)
            if line == "exit":
                break
        else:
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    t.join()
    for thing in (reader, writer, sock):
        try:
            thing.close()
        except OSError:
            pass
