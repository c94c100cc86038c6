"""Kernels that nobody watches, for the tests and for `make outputs`: they are spoken to through files, not ports.

A client of a kernel chooses five free ports, and then starts the kernel, which binds them. Until it does, a connection
of anybody else may be given one of them, and the kernel dies ("Kernel died before replying to kernel_info"). On a
machine where other tests opened thousands of connections, one run in ten of all lessons failed so. An AF_UNIX socket
in a folder of its own has no such rival. What learners run, kernels of JupyterLab on ports, the browser tests try.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager

from netlib.patience import patience

LONGEST_PLACE = 70  # bytes of TMPDIR: a path of AF_UNIX has at most 107, and two names come behind it (unix(7))


class _Private:
    """What makes a kernel manager one of these."""

    def __init__(self, **options: Any) -> None:
        place = "/tmp" if len(os.fsencode(tempfile.gettempdir())) > LONGEST_PLACE else None
        self._folder = tempfile.mkdtemp(prefix="kernel-", dir=place)
        # No folder to look in leaves this Python's own ipykernel; $JUPYTER_PATH may hold another one named python3.
        options.setdefault("kernel_spec_manager", KernelSpecManager(kernel_dirs=[]))
        super().__init__(transport="ipc", ip=os.path.join(self._folder, "k"), **options)  # type: ignore[call-arg]

    def cleanup_ipc_files(self) -> None:
        """Remove the sockets' files, and their folder."""
        super().cleanup_ipc_files()  # type: ignore[misc]
        with contextlib.suppress(OSError):  # not empty: the kernel is restarted
            os.rmdir(self._folder)


class PrivateKernelManager(_Private, KernelManager):  # type: ignore[misc]
    """A `KernelManager` without ports."""


class AsyncPrivateKernelManager(_Private, AsyncKernelManager):  # type: ignore[misc]
    """The same for nbclient."""


@contextmanager
def private_kernel(**options: Any) -> Iterator[tuple[PrivateKernelManager, BlockingKernelClient]]:
    """Start a kernel with the `options` of `Popen` (cwd, env); give its manager and a client, and end it after.

    Raises:
        RuntimeError: it died before it was ready, or was not ready in a minute.
    """
    manager = PrivateKernelManager(kernel_name="python3")
    manager.start_kernel(**options)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=patience(60))
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
