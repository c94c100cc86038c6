import threading


def talk(conn):
    with conn, conn.makefile(encoding="utf-8", newline="\n") as lines, conn.makefile("w", encoding="utf-8", newline="\n") as out:
        print("welcome!", file=out, flush=True)
        for line in lines:
            name = line.rstrip("\n")
            if name == "exit":
                break
            print("hello", name, file=out, flush=True)


def hello_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
