from __future__ import annotations

import select
import socket
import time


class Parcel:
    def __init__(self, member: socket.socket, rest: bytes) -> None:
        self.member: socket.socket = member
        self.rest: bytes = rest

    def push(self) -> bool:
        """Send what there is room for; True when nothing is left."""
        sent: int = self.member.send(self.rest, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        self.rest = self.rest[sent:]
        return not self.rest


def relay(sender: socket.socket, members: set[socket.socket], line: bytes) -> set[socket.socket]:
    parcels: dict[int, Parcel] = {m.fileno(): Parcel(m, line) for m in list(members) if m is not sender}
    failed: set[socket.socket] = set()
    deadline: float = time.monotonic() + 1.0
    with select.epoll() as epoll:
        for number in parcels:
            epoll.register(number, select.EPOLLOUT)
        while parcels and (left := deadline - time.monotonic()) > 0:
            for number, _event in epoll.poll(left):
                parcel = parcels[number]
                try:
                    finished = parcel.push()
                except BlockingIOError:
                    continue
                except OSError:
                    failed.add(parcel.member)
                    finished = True
                if finished:
                    epoll.unregister(number)
                    del parcels[number]
    return failed | {parcel.member for parcel in parcels.values()}
