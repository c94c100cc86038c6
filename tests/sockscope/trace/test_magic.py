"""`%%trace` in IPython: the picture under the cell, with nothing to load first."""

from __future__ import annotations

import subprocess
import sys
import textwrap

CELLS = """
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.displaypub import CapturingDisplayPublisher

    shell = InteractiveShell.instance()
    shell.display_pub = CapturingDisplayPublisher()

    def run(cell):
        result = shell.run_cell(cell, store_history=True)
        shown = [item["data"]["text/plain"] for item in shell.display_pub.outputs if "text/html" in item["data"]]
        shell.display_pub.outputs.clear()
        return type(result.error_in_exec or result.error_before_exec).__name__, shown

    assert run("import socket\\nfrom sockscope.trace import trace") == ("NoneType", [])
    error, (text,) = run("%%trace\\na, b = socket.socketpair()\\na.sendall(b'hi')\\nb.recv(5)")
    assert error == "NoneType"
    assert text.startswith("  1  a.sendall(b'hi')"), text
    assert shell.user_ns["_"] == b"hi"
    error, (text,) = run("%%trace\\na.close()\\nb.close()\\nb.recv(1)")
    assert error == "OSError"
    assert "b.recv(1) ✗ OSError EBADF: the socket is closed" in text
    assert run("%%trace something\\n1") == ("ValueError", [])
    assert run("a.fileno()") == ("NoneType", [])
"""


def test_the_cell_magic_shows_the_picture_also_of_a_cell_that_raises() -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(CELLS)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_recorder_does_not_import_ipython() -> None:
    program = "import sys, sockscope.trace; print('IPython' in sys.modules, 'asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
