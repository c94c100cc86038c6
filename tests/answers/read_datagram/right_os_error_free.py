import socket


def read_datagram(sock, size):
    data, ancillary, flags, sender = sock.recvmsg(size, 0, 0)
    assert ancillary == []
    match bool(flags & socket.MSG_TRUNC):
        case True:
            raise ValueError("truncated")
        case False:
            return (data, sender)
