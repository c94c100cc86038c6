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


EARLIER = "def shout(text):\n    return text.upper()"
DID_NOT_RUN = {
    "it is not Python": "def shout(text)\n    return text.upper() + ''",
    "it is cut off": "def shout(text):\n    return (text.upper()",
    "it raised first": "1 / 0\ndef shout(text):\n    return text.upper() + ''",
}


@pytest.mark.parametrize("how", DID_NOT_RUN)
def test_an_answer_whose_cell_did_not_run_is_not_judged_by_an_earlier_one(notebook, tmp_path, how):
    notebook.fine(EARLIER)
    notebook.cell(DID_NOT_RUN[how])
    verdict = notebook.verdict("check('shout', shout)")
    assert (verdict["outcome"], verdict["diagnosis"]["name"]) == ("not yet", "cell-did-not-run")
    assert "`def shout`" in verdict["diagnosis"]["text"]
    assert ("SyntaxError" in verdict["diagnosis"]["text"]) == (how != "it raised first")
    assert not (tmp_path / "answers").exists()
    notebook.fine(EARLIER)
    assert notebook.verdict("check('shout', shout)")["outcome"] == "passed"


STANDS = {
    "an older one given on purpose": ["old = shout", "def shout(text):\n    return text", "check('shout', old)"],
    "the word in a text": ["note = 'write:\\n' + '''\ndef shout(text):\n'''", "check('shout', shout)"],
    "a definition that is not for this run": ["if False:\n    def shout(text): ...", "check('shout', shout)"],
    "another cell that failed": ["def shouting(text)\n", "check('shout', shout)"],
    "a decorated one": [
        "import functools\n"
        "def plain(f):\n    @functools.wraps(f)\n    def run(*a):\n        return f(*a)\n    return run",
        "@plain\ndef shout(text):\n    return text.upper()",
        "check('shout', shout)",
    ],
}


@pytest.mark.parametrize("what", STANDS)
def test_no_other_cell_stands_in_the_way_of_an_answer_that_ran(notebook, what):
    notebook.fine(EARLIER)
    for cell in STANDS[what][:-1]:
        notebook.cell(cell)
    assert notebook.verdict(STANDS[what][-1])["outcome"] == "passed"


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
