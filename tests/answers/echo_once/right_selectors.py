import selectors


def echo_once(listener):
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.select()
    conn, _ = listener.accept()
    selector.unregister(listener)
    conn.setblocking(False)
    selector.register(conn, selectors.EVENT_READ)
    heard, waiting = b"", b""
    open_for_reading = True
    while open_for_reading or waiting:
        for key, events in selector.select():
            if events & selectors.EVENT_READ:
                data = conn.recv(100)
                heard += data
                waiting += data
                open_for_reading = bool(data)
            if events & selectors.EVENT_WRITE:
                waiting = waiting[conn.send(waiting):]
        interest = selectors.EVENT_READ * open_for_reading | selectors.EVENT_WRITE * bool(waiting)
        if interest:
            selector.modify(conn, interest)
    selector.close()
    conn.close()
    return heard
