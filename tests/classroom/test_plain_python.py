"""Outside a notebook: a script that calls check() prints the panel and keeps its answer."""

import os
import subprocess
import sys
from pathlib import Path

from course.classroom.verify import verify

SCRIPT = """
from course.exercises import check, progress

SUFFIX = ""


def loud(text):
    return text.upper()


def shout(text):
    return loud(text) + SUFFIX


if __name__ == "__main__":
    check("shout", shout)
    progress()
"""


def run(script: str, tmp_path: Path, **settings: str) -> subprocess.CompletedProcess:
    path = tmp_path / "script.py"
    path.write_text(script)
    environment = {key: value for key, value in os.environ.items() if key not in ("COURSE_KEEP", "STRICT")}
    environment |= {"COURSE_ANSWERS": str(tmp_path / "answers"), **settings}
    return subprocess.run([sys.executable, path], env=environment, capture_output=True, text=True, cwd=tmp_path)


def test_a_script_prints_the_panel_once_and_keeps_the_answer(tmp_path):
    done = run(SCRIPT, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("shout: passed") == 1
    assert "✓ shout" in done.stdout
    assert verify(tmp_path / "answers" / "shout.py").verdict == "passed"


def test_a_strict_script_fails(tmp_path):
    done = run(SCRIPT.replace("upper", "lower"), tmp_path, STRICT="1")
    assert done.returncode == 1
    assert "NotPassed" in done.stderr


def test_code_without_a_source_gets_a_verdict(tmp_path):
    done = run(
        "exec('def shout(text): return text')\nfrom course.exercises import check\ncheck('shout', shout)", tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "source text cannot be found" in " ".join(done.stdout.split())
