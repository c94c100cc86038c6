# diagnosis: serves-too-few
def hello_udp(sock):
    name, peer = sock.recvfrom(65535)
    sock.sendto(b"Hello, " + name + b"!", peer)
