import socket

open_listener = lambda host, port: socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
