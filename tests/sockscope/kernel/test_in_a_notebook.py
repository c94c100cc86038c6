"""In a Jupyter kernel, with its own twenty sockets, the tables show the learner's alone."""

from __future__ import annotations

import os

import nbclient
import nbformat

from course.execution.kernels import AsyncPrivateKernelManager

CELLS = [
    "import socket\nfrom sockscope.kernel import look, netstat\nnetstat()",
    "listener = socket.create_server(('127.0.0.1', 0))\nclient = socket.create_connection(listener.getsockname())\n"
    "print([record.name for record in netstat()])",
    "look(listener)",
    "client.close()\nlistener.close()\nnetstat()",
]


def test_the_kernels_own_sockets_are_not_shown():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    nbclient.NotebookClient(notebook, kernel_manager_class=AsyncPrivateKernelManager).execute(
        env=os.environ | {"COURSE_NOTICES": "0"}
    )
    first, named, looked, last = (cell.outputs[0] for cell in notebook.cells)
    assert first.data["text/plain"] == last.data["text/plain"] == "no sockets"
    assert named.text == "['listener', '(not accepted)', 'client']\n"
    assert looked.data["text/plain"].startswith("LISTEN  127.0.0.1:")
    assert looked.data["text/html"].startswith("<table>")
