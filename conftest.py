"""How pytest runs the lessons: the course's deadlines, quiet kernels, and a dead kernel noticed at once."""

import datetime
import os
import tempfile
import time
from pathlib import Path
from queue import Empty

import nbval.kernel
from nbval.kernel import RunningKernel

from course.execution.kernels import PrivateKernelManager
from course.execution.outputs import CELL_SECONDS, quiet_environment
from netlib.patience import patience


def pytest_configure(config):
    """Give every kernel the quiet environment, and every cell the course's own deadline."""
    os.environ.update(quiet_environment())  # kernels inherit it
    if "IPYTHONDIR" not in os.environ:  # else each kernel of a test writes into the history of whoever runs the tests
        own = tempfile.TemporaryDirectory(prefix="ipython-")
        config.add_cleanup(own.cleanup)
        os.environ["IPYTHONDIR"] = own.name  # pytest-xdist's workers inherit it
    config.option.nbval_cell_timeout = patience(CELL_SECONDS)
    RunningKernel.await_reply = await_reply
    nbval.kernel.KernelManager = PrivateKernelManager


def await_reply(self, msg_id, timeout=None):
    """Wait for the reply to `msg_id`, as nbval does, but ask each second whether the kernel is still alive.

    nbval 0.11 reports a kernel that died as a cell that took too long, and only when the time is up.
    """
    deadline = time.monotonic() + (timeout or patience(CELL_SECONDS))
    while True:
        try:
            message = self.get_message(stream="shell", timeout=max(0.0, min(1.0, deadline - time.monotonic())))
        except Empty:
            if not self.is_alive():
                raise RuntimeError("the kernel died in this cell") from None
            if time.monotonic() >= deadline:
                raise
            continue
        if message["parent_header"].get("msg_id") == msg_id:
            note_seconds(message)
            return


def note_seconds(reply):
    """Append the seconds that the kernel spent on a cell to the file that COURSE_CELL_SECONDS names (a benchmark)."""
    file, started = os.environ.get("COURSE_CELL_SECONDS"), reply["metadata"].get("started")
    if file and started:
        seconds = reply["header"]["date"] - datetime.datetime.fromisoformat(started)
        with Path(file).open("a") as notes:
            notes.write(f"{seconds.total_seconds()}\n")
