"""What cannot stand alone, or is no answer, is a verdict that says so; never an exception of ours."""

import pytest

REFUSED = {
    "name-not-found": ["def shout(text):\n    return text.upper() + sufix", "check('shout', shout)"],
    "name-not-found in a helper": [
        "def helper(text):\n    return [nothing_here for c in text]",
        "def shout(text):\n    return helper(text)",
        "check('shout', shout)",
    ],
    "name-not-found after del": [
        "suffix = ''\ndef shout(text):\n    return text.upper() + suffix\ndel suffix",
        "check('shout', shout)",
    ],
    "live-global": [
        "import socket\nconn, other = socket.socketpair()",
        "def shout(text):\n    return conn.recv(4)",
        "check('shout', shout)",
    ],
    "notebook-command": ["def shout(text):\n    %time\n    return text.upper()", "check('shout', shout)"],
    "no-source": ["exec('def shout(text): return text.upper()')", "check('shout', shout)"],
    "no-source of a global": [
        "for thing in [object()]:\n    pass",
        "def shout(text):\n    return text.upper() if thing else text",
        "check('shout', shout)",
    ],
    "not-a-function": ["def shout(text):\n    return text.upper()", "check('shout', shout('x'))"],
    "not-a-function but None": ["check('shout', print())"],
    "not-a-function but a coroutine": ["async def shout(text):\n    return text\ncheck('shout', shout('x'))"],
    "wrong-count": ["check('shout')"],
    "wrong-count of two": ["def shout(text):\n    return text.upper()\ncheck('shout', shout, shout)"],
}


@pytest.mark.parametrize(("name", "cells"), REFUSED.items(), ids=REFUSED.keys())
def test_what_is_no_answer_gets_a_verdict(notebook, tmp_path, name, cells):
    for cell in cells[:-1]:
        notebook.fine(cell)
    verdict = notebook.verdict(cells[-1])
    assert verdict["outcome"] == "not yet"
    assert verdict["diagnosis"]["name"] == name.split()[0], verdict["diagnosis"]
    assert not (tmp_path / "answers").exists()


def test_a_missing_name_is_named_with_its_user_and_the_nearest_name(notebook):
    notebook.fine("suffix = '!'")
    notebook.fine("def helper(text):\n    return text + sufix")
    notebook.fine("def shout(text):\n    return helper(text)")
    text = notebook.verdict("check('shout', shout)")["diagnosis"]["text"]
    assert "`helper` uses the name `sufix`" in text
    assert "Did you mean `suffix`?" in text


def test_a_module_beside_the_notebook_is_named(notebook, tmp_path):
    (tmp_path / "my_helpers.py").write_text("def loud(text):\n    return text.upper()\n")
    notebook.fine(f"import sys; sys.path.insert(0, {str(tmp_path)!r})")
    try:
        notebook.fine("from my_helpers import loud\ndef shout(text):\n    return loud(text)")
        diagnosis = notebook.verdict("check('shout', shout)")["diagnosis"]
    finally:
        notebook.fine("import sys; del sys.path[0]; sys.modules.pop('my_helpers', None)")
    assert diagnosis["name"] == "local-module"
    assert "`my_helpers`" in diagnosis["text"]


def test_no_source_text_says_what_to_do(notebook):
    notebook.fine("exec('def shout(text): return text.upper()')")
    text = notebook.verdict("check('shout', shout)")["diagnosis"]["text"]
    assert "def shout(" in text
