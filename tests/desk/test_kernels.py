"""Kernels that nobody watches are spoken to through files: a port may be taken between its choice and its use."""

import re
from pathlib import Path

from course.execution.kernels import private_kernel
from course.lesson.manifest import ROOT

OURS = [
    path
    for folder in ("course", "netlib", "sockscope", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
ON_PORTS = re.compile(
    r"start_new_kernel\(|(?<!Private)KernelManager\(|NotebookClient\((?![^#]*?kernel_manager_class=Async)"
)


def test_no_kernel_of_ours_is_started_on_ports():
    assert not [path for path in OURS if path != Path(__file__) and ON_PORTS.search(path.read_text())]


def test_such_a_kernel_says_nothing_on_its_own(capfd):
    with private_kernel() as (manager, client):
        assert manager.transport == "ipc"
        client.execute_interactive("pass", timeout=60)
    assert capfd.readouterr() == ("", "")


def test_a_kernel_of_the_users_own_under_the_same_name_is_not_taken(tmp_path, monkeypatch):
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["/bin/false"], "display_name": "Theirs", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with private_kernel() as (manager, _):
        assert manager.kernel_spec.argv[0] != "/bin/false"
