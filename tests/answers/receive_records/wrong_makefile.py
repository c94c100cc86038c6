# diagnosis: raised
def receive_records(sock):
    with sock.makefile("rb") as file:
        return file.readlines().split()
