def read_lines(sock):
    unfinished = b""
    end_of_stream = False
    while end_of_stream == False:
        data = sock.recv(1024)
        if len(data) == 0:
            end_of_stream = True
        else:
            print("received", len(data), "bytes")
            unfinished = unfinished + data
            parts = unfinished.split(b"\n")
            unfinished = parts[-1]
            complete = parts[0:-1]
            for part in complete:
                if len(part) > 0 and part[len(part) - 1] == 13:
                    part = part[0:len(part) - 1]
                text = part.decode("utf-8")
                yield text
    if len(unfinished) > 0:
        yield unfinished.decode("utf-8")
