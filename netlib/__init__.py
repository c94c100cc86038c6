"""What a notebook lacks for network programming: a second terminal, a picture, a view of the kernel."""

from netlib.expecting import expect
from netlib.kernel import look, netstat
from netlib.terminals import background, serving
from netlib.trace import trace

__all__ = ["background", "expect", "look", "netstat", "serving", "trace"]
