import socket
import time

BUFSIZE = 1024


def timestamp_server(listener):
    print("waiting for connection...")
    running = True
    while running == True:
        try:
            pair = listener.accept()
            tcp_client = pair[0]
            address = pair[1]
        except OSError:
            running = False
            continue
        print("connected from", address[0], "at", time.ctime())
        talking = True
        while talking == True:
            try:
                data = tcp_client.recv(BUFSIZE)
            except ConnectionResetError:
                talking = False
            else:
                if len(data) == 0:
                    talking = False
                else:
                    answer = bytes("[" + time.ctime() + "] ", "utf-8")
                    answer = answer + data
                    try:
                        sent = 0
                        while sent < len(answer):
                            sent = sent + tcp_client.send(answer[sent:])
                    except (BrokenPipeError, ConnectionResetError):
                        talking = False
        tcp_client.close()
    print("stopped")
