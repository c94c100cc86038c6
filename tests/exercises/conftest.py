"""One real kernel for all tests here; each begins in an empty namespace with an empty history."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.execution.kernels import private_kernel
from netlib.patience import patience

BEGIN = """
get_ipython().reset(new_session=True)
import os
os.environ["COURSE_ANSWERS"] = {answers!r}
for name in ("STRICT", "COURSE_KEEP"):
    os.environ.pop(name, None)
os.environ.update({settings!r})
del os, name
"""


class Notebook:
    """A kernel that runs cells and gives back what they showed."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def cell(self, source: str) -> list[tuple[str, Any]]:
        """Run one cell; return its messages as (kind, content)."""
        said: list[tuple[str, Any]] = []
        self.client.execute_interactive(
            source,
            timeout=patience(60),
            allow_stdin=False,
            output_hook=lambda message: said.append((message["msg_type"], message["content"])),
        )
        return [(kind, content) for kind, content in said if kind not in ("status", "execute_input")]

    def begin(self, answers: Path, **settings: str) -> None:
        """Empty the namespace and the history, and say where answers are kept."""
        self.fine(BEGIN.format(answers=str(answers), settings=settings))
        self.fine("from course.exercises import *")

    def fine(self, source: str) -> str:
        """Run one cell that must not fail; return its text: what it printed and what it showed."""
        said = self.cell(source)
        errors = [content for kind, content in said if kind == "error"]
        assert not errors, "\n".join(errors[0]["traceback"])
        return "".join(_text(kind, content) for kind, content in said)

    def verdict(self, call: str) -> dict[str, Any]:
        """Run a cell that ends with a call of check(); return its verdict."""
        self.fine(call)
        found = self.fine("import json as _json; print(_json.dumps(_.verdict.as_json()))")
        return dict(json.loads(found))


def _text(kind: str, content: Any) -> str:
    return content["text"] if kind == "stream" else content.get("data", {}).get("text/plain", "")


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    own = str(tmp_path_factory.mktemp("ipython"))  # no profile and no history file of whoever runs the tests
    with private_kernel(env={**os.environ, "IPYTHONDIR": own}) as (_, client):
        yield Notebook(client)


@pytest.fixture
def notebook(kernel: Notebook, tmp_path: Path) -> Notebook:
    kernel.begin(tmp_path / "answers")
    return kernel
