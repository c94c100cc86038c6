"""A real kernel that cells are sent to as JupyterLab sends them, with what comes back for the cell itself."""

import re
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from course.execution.kernels import private_kernel
from course.execution.outputs import quiet_environment
from course.lesson.manifest import NOTEBOOKS
from netlib.patience import patience


@dataclass
class Ran:
    """What one cell did: what it printed and showed, its error, and the text that it asked to have instead."""

    said: str = ""
    error: str = ""
    replaced: str | None = None


class Kernel:
    def __init__(self, client):
        self.client = client

    def run(self, source, cell_id=None):
        """Run one cell and wait for its end."""
        message = self.client.session.msg(
            "execute_request",
            {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
             "stop_on_error": True},
        )  # fmt: skip
        if cell_id:
            message["metadata"]["cellId"] = cell_id
        self.client.shell_channel.send(message)
        ran = Ran()
        while True:
            heard = self.client.get_iopub_msg(timeout=patience(60))
            if heard["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            content, kind = heard["content"], heard["msg_type"]
            if kind == "stream":
                ran.said += content["text"]
            elif kind in ("execute_result", "display_data"):
                ran.said += content["data"].get("text/plain", "") + "\n"
            elif kind == "error":
                ran.error = re.sub(r"\x1b\[[0-9;]*m", "", f"{content['ename']}: {content['evalue']}")
            elif kind == "status" and content["execution_state"] == "idle":
                break
        while True:  # an answer to an earlier question, such as whether the kernel is ready, may come late
            reply = self.client.get_shell_msg(timeout=patience(60))
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                break
        for payload in reply["content"].get("payload", []):
            if payload["source"] == "set_next_input":
                assert payload["replace"]
                ran.replaced = payload["text"]
        return ran


@contextmanager
def started(folder):
    with private_kernel(cwd=str(folder), env=quiet_environment()) as (_, client):
        yield Kernel(client)


@pytest.fixture
def kernel():
    with started(NOTEBOOKS) as running:
        yield running
