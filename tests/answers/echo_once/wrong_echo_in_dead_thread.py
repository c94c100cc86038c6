# diagnosis: thread-died
import threading


def echo_once(listener):
    conn, _ = listener.accept()
    heard = []

    def talk():
        while data := conn.recv(1024):
            conn.sendall(data)
            heard[0] += data
        conn.close()

    thread = threading.Thread(target=talk)
    thread.start()
    thread.join()
    return b"".join(heard)
