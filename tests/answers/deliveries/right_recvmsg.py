import contextlib
import socket


def deliveries(kind, messages):
    with contextlib.ExitStack() as stack:
        left, right = map(stack.enter_context, socket.socketpair(type=kind))
        for message in messages:
            left.sendmsg([message])
        got, rest = [], b"".join(messages)
        while rest:
            data, _, flags, _ = right.recvmsg(65536)
            assert not flags & socket.MSG_TRUNC
            got.append(data)
            rest = rest[len(data) :]
        return got
