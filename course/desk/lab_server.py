"""JupyterLab's server in this process, on a listener that is there already.

Its options are passed inside the process: a command line can be read by every user of the machine (ps(1)), and the
token is among them. They win over every configuration file, the system's too (/etc/jupyter).
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import zmq
from jupyter_server.serverapp import ServerApp
from jupyterlab.labapp import LabApp


def serve(listener: socket.socket, root: Path, first: str, token: str, browser: bool) -> None:
    """Serve the folder `root` on `listener`, to who knows `token`, until the server is stopped; `first` is the page."""
    listener.setblocking(False)

    class Server(ServerApp):  # type: ignore[misc]
        """A server that neither looks for a port nor binds one: two that started at once would find the same."""

        def _find_http_port(self) -> None:
            """Leave the port as it is."""

        def _bind_http_server_tcp(self) -> bool:
            self.http_server.add_socket(listener)
            return True

    class Lab(LabApp):  # type: ignore[misc]
        serverapp_class = Server

    Lab.launch_instance(argv=_options(listener.getsockname(), root, first, token, browser))


def _options(address: tuple[Any, ...], root: Path, first: str, token: str, browser: bool) -> list[str]:
    """Return JupyterLab's options: all that makes the printed address true."""
    host, port = address
    options = {
        "ServerApp.ip": host,
        "ServerApp.port": port,
        "ServerApp.base_url": "/",
        "ServerApp.sock": "",
        "ServerApp.certfile": "",
        "ServerApp.keyfile": "",
        "ServerApp.root_dir": root,
        "LabApp.default_url": first,
        "LabApp.log_level": "ERROR",
        "IdentityProvider.token": token,
        "PasswordIdentityProvider.hashed_password": "",
        "ServerApp.open_browser": browser,
        # In a container. The server is on loopback and asks for its token.
        "ServerApp.allow_root": os.geteuid() == 0,
    }
    if zmq.has("curve"):  # otherwise each kernel warns in the learner's terminal that nothing is encrypted
        options["MappingKernelManager.transport_encryption"] = "auto"
    return ["--log-level=ERROR", *(f"--{name}={value}" for name, value in options.items())]
