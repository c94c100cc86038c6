"""`make lab`: open JupyterLab at the first lesson, with nothing in the way."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import sys
import webbrowser
from pathlib import Path

FIRST = "work/00_start_here.ipynb"
_FIRST_PORT = 8888
_PORTS_TRIED = 50

# JupyterLab asks on its first start whether to fetch news, and later tells of updates. Settings of the environment,
# in the file that JupyterLab reads them from, so that the learner's own settings still win.
_QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": False,
    }
}


class LabError(Exception):
    """JupyterLab cannot be started. The text says why and what to do."""


def quiet(prefix: Path = Path(sys.prefix)) -> None:
    """Write the settings that keep pop-ups away to the environment at `prefix`; keep what others wrote there."""
    path = prefix / "share/jupyter/lab/settings/overrides.json"
    settings: dict[str, object] = {}
    with contextlib.suppress(OSError, ValueError):
        settings = json.loads(path.read_text())
    if all(settings.get(name) == value for name, value in _QUIET.items()):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings | _QUIET, indent=2) + "\n")


def is_free(port: int) -> bool:
    """Tell whether a server can listen on `port` of 127.0.0.1."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def choose_port(wanted: int | None) -> int:
    """Return `wanted` if it is free; without it, the first free port from 8888 on.

    Raises:
        LabError: `wanted` is taken or may not be used, or fifty ports in a row are taken.
    """
    if wanted is None:
        for port in range(_FIRST_PORT, _FIRST_PORT + _PORTS_TRIED):
            if is_free(port):
                return port
        raise LabError(f"the ports {_FIRST_PORT} to {port} are all taken; name another one: make lab PORT=9500")
    if not 1 <= wanted <= 65535:
        raise LabError(f"a port is a number from 1 to 65535, not {wanted}; try: make lab PORT=9500")
    if not is_free(wanted):
        raise LabError(
            f"port {wanted} is taken{_holder(wanted)}.\n"
            f"  Another JupyterLab of yours may be running there. Stop it, or name another port: "
            f"make lab PORT={choose_port(None)}"
        )
    return wanted


def _holder(port: int) -> str:
    """Return " by NAME (process N)" for the process that listens on `port`, as far as this user may know."""
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
                if connection.pid is None:
                    return ""
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""


def has_browser() -> bool:
    """Tell whether a browser can be opened here; a text browser in the learner's terminal does not count."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    ):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def start(root: Path, port: int | None, browser: bool | None = None) -> None:
    """Replace this process by JupyterLab, serving the folder `root` on loopback, with the first lesson open.

    Raises:
        LabError: the port cannot be had.
    """
    port = choose_port(port)
    with contextlib.suppress(OSError):  # an environment that cannot be written to: then the pop-up comes
        quiet()
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    opens = has_browser() if browser is None else browser
    address = f"http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}"
    print(
        "JupyterLab is starting; it opens in your browser." if opens else "JupyterLab is starting. Open this address:"
    )
    print(f"  {address}")
    print("Stop it here with Ctrl-C.", flush=True)
    command = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
               "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{FIRST}",
               "--log-level=ERROR"]  # fmt: skip
    if not opens:
        command.append("--no-browser")
    if os.geteuid() == 0:
        command.append("--allow-root")  # in a container; the server is on loopback and asks for its token
    # In the environment, because a command line can be read by every user of the machine.
    os.execve(sys.executable, command, os.environ | {"JUPYTER_TOKEN": token})
