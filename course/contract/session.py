"""A kernel under watch: run a lesson's cells one by one, with a time limit, and ask what they left behind."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg

from course.execution.kernels import PrivateKernelManager, private_kernel
from course.execution.outputs import quiet_environment
from netlib.patience import patience

_OUTPUTS = {"stream", "display_data", "execute_result", "error"}


class KernelDied(Exception):
    """The kernel under watch ended by itself."""


@dataclass
class Run:
    """How one execution went: `error` is empty when it succeeded; `timed_out` when it had to be interrupted."""

    outputs: list[NotebookNode] = field(default_factory=list)
    error: str = ""
    timed_out: bool = False
    seconds: float = 0.0
    value: Any = None


class Session:
    """A kernel with the probe in it."""

    def __init__(self, manager: PrivateKernelManager, client: BlockingKernelClient) -> None:
        self._manager = manager
        self._client = client

    def run(self, code: str, seconds: float, ask: str = "") -> Run:
        """Execute `code` for at most `seconds`; then interrupt it. `ask` is an expression whose JSON comes back."""
        began = time.monotonic()
        run = Run()
        expressions = {"asked": ask} if ask else {}
        sent = self._client.execute(code, store_history=False, allow_stdin=False, user_expressions=expressions)
        deadline = began + patience(seconds)
        while not self._idle(sent, run, deadline):
            if run.timed_out:
                raise KernelDied("the kernel did not stop when it was interrupted")
            run.timed_out = True
            self._manager.interrupt_kernel()
            deadline = time.monotonic() + patience(5)
        reply = self._reply(sent)
        run.seconds = time.monotonic() - began
        if reply["status"] == "error" and not run.timed_out:
            run.error = f"{reply['ename']}: {reply['evalue']}"
        asked = reply.get("user_expressions", {}).get("asked", {})
        if asked.get("status") == "ok":
            run.value = json.loads(asked["data"]["text/plain"][1:-1].encode().decode("unicode_escape"))
        return run

    def _reply(self, sent: str) -> dict[str, Any]:
        """Return the reply to `sent`; a late answer to what was asked at the kernel's start is passed over."""
        while True:
            message = self._client.get_shell_msg(timeout=patience(10))
            if message["parent_header"].get("msg_id") == sent:
                content: dict[str, Any] = message["content"]
                return content

    def _idle(self, sent: str, run: Run, deadline: float) -> bool:
        """Collect outputs until the kernel is idle again; return False when the deadline passes first."""
        while True:
            try:
                message = self._client.get_iopub_msg(timeout=max(0.0, min(1.0, deadline - time.monotonic())))
            except queue.Empty:
                if not self._manager.is_alive():
                    raise KernelDied("the kernel died") from None
                if time.monotonic() >= deadline:
                    return False
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["msg_type"] in _OUTPUTS:
                _add(run.outputs, output_from_msg(message))
            elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return True

    def probe(self, question: str) -> Any:
        """Call a function of `course.contract.probe` in the kernel and return its answer."""
        run = self.run("", 20, ask=f"__import__('course.contract.probe', fromlist=['probe']).answer({question!r})")
        if run.value is None:
            raise KernelDied(f"the probe {question!r} gave no answer: {run.error or 'nothing came back'}")
        return run.value


def _add(outputs: list[NotebookNode], output: NotebookNode) -> None:
    """Append an output; text that goes on with a stream joins it, since where a stream is cut is chance."""
    last = outputs[-1] if outputs else None
    if last is not None and output.output_type == "stream" and last.get("name") == output.name:
        last.text += output.text
    else:
        outputs.append(output)


@contextmanager
def session(folder: Path) -> Iterator[Session]:
    """Start a kernel in `folder` with the probe watching; shut it down at the end."""
    with private_kernel(cwd=str(folder), env=quiet_environment()) as (manager, client):
        watched = Session(manager, client)
        watched.probe("start")
        yield watched
