"""See what sockets do: `trace()` draws the calls of plain socket code, `look()` and `netstat()` ask the kernel.

    from sockscope import look, netstat, trace

    with trace() as t:
        client = socket.create_connection(address)
        client.sendall(b"hello")
    t                # in a notebook; elsewhere t.text(), t.svg()
    look(client)

Nothing of the course is needed for it, and a program need not be changed: `python -m sockscope PROGRAM` runs it under
trace. What a picture says of calls, it saw. What it says of packets (SYN, FIN, RST) it infers from the calls, and
marks it as inferred: no packet was captured.
"""

from sockscope.kernel import look, netstat
from sockscope.trace import trace

__all__ = ["look", "netstat", "trace"]
