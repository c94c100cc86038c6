import socket


def echo_once(listener):
    # wait for the client
    conn, addr = listener.accept()
    print("connected by", addr)
    all_data = b""
    done = False
    while not done:
        data = conn.recv(1024)
        print("received", data)
        if len(data) == 0:
            done = True
        else:
            sent = 0
            while sent < len(data):
                sent = sent + conn.send(data[sent:])
            all_data = all_data + data
    conn.close()
    listener.close()
    return all_data
