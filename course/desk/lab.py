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


def listen(wanted: int | None) -> socket.socket:
    """Return a listener on port `wanted` of 127.0.0.1; without a wish, on the first free port from 8888 on.

    It listens from here on, so the address that is printed is true: a port that was only looked at may be
    another's a moment later.

    Raises:
        LabError: `wanted` is taken or may not be used, or fifty ports in a row are taken.
    """
    if wanted is None:
        return _first_free()
    if not 1 <= wanted <= 65535:
        raise LabError(f"a port is a number from 1 to 65535, not {wanted}; try: make lab PORT=9500")
    try:
        return socket.create_server(("127.0.0.1", wanted))
    except PermissionError:
        raise LabError(f"port {wanted} is not for ordinary users; name one from 1024 on: make lab PORT=9500") from None
    except OSError as error:
        with _first_free() as other:
            advice = f"make lab PORT={other.getsockname()[1]}"
        raise LabError(
            f"port {wanted} is taken{_holder(wanted)}.\n"
            f"  Another JupyterLab of yours may be running there. Stop it, or name another port: {advice}"
        ) from error


def _first_free() -> socket.socket:
    for port in range(_FIRST_PORT, _FIRST_PORT + _PORTS_TRIED):
        with contextlib.suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    raise LabError(f"the ports {_FIRST_PORT} to {port} are all taken; name another one: make lab PORT=9500")


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


def own_configuration() -> dict[str, str]:
    """Return the variables with which Jupyter reads this environment's configuration in place of the learner's.

    What stands in `~/.jupyter` was written for another server: a token or a `base_url` makes the printed address a
    wrong one, and a contents manager or an extension that is not installed here ends the start. The looks of
    JupyterLab (theme, font size, shortcuts) stay the learner's: they are kept in files of their own.
    https://jupyter-core.readthedocs.io/en/latest/paths.html
    """
    from jupyterlab.commands import get_user_settings_dir, get_workspaces_dir

    return {
        "JUPYTERLAB_SETTINGS_DIR": get_user_settings_dir(),
        "JUPYTERLAB_WORKSPACES_DIR": get_workspaces_dir(),
        "JUPYTER_CONFIG_DIR": str(Path(sys.prefix, "etc", "jupyter")),
        "JUPYTER_PREFER_ENV_PATH": "1",  # a kernel named python3 of the learner's own knows no netlib
    }


# Additional folders of configuration and kernels, another JupyterLab's files, and no configuration at all, not even
# this environment's (which holds JupyterLab's own extensions).
_NOT_OURS = ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "JUPYTERLAB_DIR", "JUPYTER_NO_CONFIG")


def start(root: Path, port: int | None, browser: bool | None = None) -> None:
    """Serve the folder `root` on loopback, with the first lesson open, until JupyterLab is stopped.

    Raises:
        LabError: the port cannot be had.
    """
    listener = listen(port)
    with contextlib.suppress(OSError):  # an environment that cannot be written to: then the pop-up comes
        quiet()
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    opens = has_browser() if browser is None else browser
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/lab/tree/{FIRST}?token={token}"
    print(
        "JupyterLab is starting; it opens in your browser." if opens else "JupyterLab is starting. Open this address:"
    )
    print(f"  {address}")
    print("Stop it here with Ctrl-C.", flush=True)
    for name in _NOT_OURS:
        os.environ.pop(name, None)
    os.environ.update(own_configuration())
    from course.desk.lab_server import serve

    serve(listener, root, f"/lab/tree/{FIRST}", token, opens)
