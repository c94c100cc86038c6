"""What the kernel knows of your sockets: `look(listener)`, `netstat()`.

`record` says what is known, `sock_diag` (over `netlink`) asks Linux for it, `portable` does with less elsewhere.
"""

from sockscope.kernel.peers import receive_queue_of, unread_by_peer
from sockscope.kernel.record import Record
from sockscope.kernel.table import Table
from sockscope.kernel.views import look, netstat

__all__ = ["Record", "Table", "look", "netstat", "receive_queue_of", "unread_by_peer"]
