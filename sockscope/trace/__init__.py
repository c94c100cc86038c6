"""See what your sockets did: `with trace() as t:` records plain socket code, and `t` shows the picture of it.

    with trace() as t:
        client = socket.create_connection(address)
        client.sendall(b"hello")
        reply = client.recv(100)
    t

From the calls to the picture: `patch` and `observe` record (`live`, `names` and `describe` help), `match` finds
which bytes went where, `order` puts the calls in an order without a clock, `view` finds the words, `layout` and
`draw` make the SVG, `text` the same in words, `show` hands both to a notebook.
"""

from sockscope.trace.record import Record
from sockscope.trace.show import Picture, Trace, draw, load_ipython_extension, trace

__all__ = ["Picture", "Record", "Trace", "draw", "load_ipython_extension", "trace"]
