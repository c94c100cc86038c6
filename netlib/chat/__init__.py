r"""A chat room: a room without sockets, a server around it, a client, and both as commands for the terminal.

    python -m netlib.chat serve
    python -m netlib.chat join 127.0.0.1 PORT --name ann

The protocol, complete:

- Both sides speak lines of UTF-8 ended by `\n`; `\r\n` ends one too. A member's line has at most 4096 bytes, the end
  not counted. Empty lines are passed over.
- A member's first line is its name: 1 to 32 printable characters, not begun by `*` and without `:`, so that no name
  passes for a notice or for somebody else's line. A name that is in use gets the notice `* that name is taken`, one
  that breaks a rule a notice that says which, and the connection is closed.
- Every later line goes to all the others as `NAME: line`, in the order in which the server read them; never back to
  the member who said it.
- Lines that begin with `* ` are notices of the server. `* NAME is online` and `* NAME is down` go to the others.
- `/who` asks who is there; the answer is one notice or several, `* online: ann, bob`. `exit` leaves, and so does the
  end of the stream, which ends a last line too.
- What a terminal would obey is replaced by `?` before it is passed on: the control characters (C0, DEL and C1, of
  which ESC begins every escape sequence; ECMA-48) and those that turn the direction of text (UAX #9, table 2).
- A line that is too long or not UTF-8 puts out the member who sent it, a full room the newcomer. Each is told why.
  A member for whom 1 MiB waits, because it does not read, is put out without a word.

Nothing is encrypted and nobody needs a password: whoever can connect can read and speak. So the server binds to
loopback unless it is told otherwise.
"""

from netlib.chat.client import converse
from netlib.chat.room import Member, Room
from netlib.chat.server import serve

__all__ = ["Member", "Room", "converse", "serve"]
