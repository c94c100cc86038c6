"""A real kernel in which cells can wait, and what it says meanwhile."""

from __future__ import annotations

import os
import queue
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from course.execution.kernels import PrivateKernelManager
from netlib.patience import patience

SETUP = "import asyncio, queue, select, socket, threading, time\nimport course.waiting\nON = course.waiting.enable()"


@dataclass
class Ran:
    """What one cell put out, in order: `notices` are the texts of its one notice.

    `foreign` are the kinds of the messages that meanwhile came for another cell.
    """

    stdout: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    result: str = ""
    error: str = ""
    foreign: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.stdout)

    @property
    def masked(self) -> list[str]:
        return [re.sub(r"\d+\.\d s", "N s", notice) for notice in self.notices]


class Kernel:
    """A kernel with the notices on (unless `environment` says otherwise)."""

    def __init__(self, **environment: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if name != "COURSE_NOTICES"}
        self.manager = PrivateKernelManager(kernel_name="python3")
        self.manager.start_kernel(env=inherited | environment)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=patience(60))
        assert self.run(SETUP).error == ""

    def run(
        self,
        code: str,
        on_notice: Callable[[Ran], object] | None = None,
        on_print: Callable[[Ran], object] | None = None,
    ) -> Ran:
        """Run one cell to its end; `on_notice` is called at its first notice, `on_print` at its first print."""
        ran, request = Ran(), self.client.execute(code)
        while True:
            message = self._message(code)
            if message["parent_header"].get("msg_id") != request:
                ran.foreign.append(message["msg_type"])
                continue
            content, kind = message["content"], message["msg_type"]
            if kind == "stream":
                ran.stdout.append(content["text"])
                if on_print is not None and len(ran.stdout) == 1:
                    on_print(ran)
            elif kind in ("display_data", "update_display_data"):
                ran.kinds.append(kind)
                ran.notices.append(content["data"]["text/plain"])
                ran.html.append(content["data"]["text/html"])
                if on_notice is not None and len(ran.notices) == 1:
                    on_notice(ran)
            elif kind == "execute_result":
                ran.result = content["data"]["text/plain"]
            elif kind == "error":
                ran.error = content["ename"]
            elif kind == "status" and content["execution_state"] == "idle":
                return ran

    def stopped(self, code: str) -> Ran:
        """Run one cell, and press ■ when it speaks."""
        return self.run(code, on_notice=lambda _: self.manager.interrupt_kernel())

    def run_beside(self, code: str) -> None:
        """Run code in a subshell, to its end, while a cell runs."""
        session = self.client.session
        self.client.control_channel.send(session.msg("create_subshell_request"))
        request = session.msg("execute_request", {"code": code, "silent": False, "store_history": False})
        request["header"]["subshell_id"] = self.client.get_control_msg(timeout=patience(30))["content"]["subshell_id"]
        self.client.shell_channel.send(request)
        while self.client.get_shell_msg(timeout=patience(30))["parent_header"]["msg_id"] != request["header"]["msg_id"]:
            pass

    def _message(self, code: str) -> dict[str, Any]:
        try:
            return self.client.get_iopub_msg(timeout=patience(30))
        except queue.Empty:
            raise TimeoutError(f"the kernel has said nothing for 30 s while it ran {code!r}") from None

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture(scope="module")
def start():
    """Return `Kernel`; those made with it are closed after the module."""
    made = []

    def make(**environment: str) -> Kernel:
        made.append(Kernel(**environment))
        return made[-1]

    yield make
    for kernel in made:
        kernel.close()


@pytest.fixture(scope="module")
def kernel(start):
    """A kernel that speaks after 0.9 s instead of 3, so that thirty waits fit into a test run."""
    return start(NETLIB_PATIENCE="0.3")
