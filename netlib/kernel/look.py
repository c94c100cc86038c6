"""Look at sockets: `look(listener)`."""

from __future__ import annotations

import socket
import sys

from netlib.kernel.names import names_in
from netlib.kernel.own import named, records_of
from netlib.kernel.settle import settled
from netlib.kernel.table import Table


def look(*sockets: socket.socket, settle: float = 0.25) -> Table:
    """Return what the kernel knows of these sockets: state, addresses, what waits in the queues, in words.

    As the last line of a cell it is shown. Its items are records, in the order given: `look(conn)[0].state`.

    Args:
        sockets: of any family, open or closed.
        settle: seconds for which to look again while a state is a passing one; 0: what is so now.

    Raises:
        TypeError: an argument is not a socket.
    """
    for sock in sockets:
        if not isinstance(sock, socket.socket):
            raise TypeError(f"look() takes sockets, as in look(listener), not {type(sock).__name__}: {sock!r}")
    names = names_in(sys._getframe(1))
    return Table(settled(lambda: named(sockets, records_of(sockets), names), settle), when_empty="no sockets")
