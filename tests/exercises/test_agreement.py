"""The notebook's verdict and that of `verify` on the kept file agree, however an answer was written."""

from pathlib import Path

import pytest

from course.classroom.verify import verify

LOUD = "def loud(text):\n    return text.upper()"
ECHO = """
def talk(listener, size):
    conn, _ = listener.accept()
    heard = b""
    with conn:
        while data := conn.recv(size):
            conn.sendall(data)
            heard += data
    return heard
"""

# Name -> the cells, the last of which holds the call of check(), and the outcome.
RIGHT = {
    "a plain function": ["def shout(text):\n    return text.upper()", "check('shout', shout)"],
    "definition and check in one cell": ["def shout(text):\n    return text.upper()\ncheck('shout', shout)"],
    "a helper of another cell": [LOUD, "def shout(text):\n    return loud(text)", "check('shout', shout)"],
    "a helper that is defined in a later cell": [
        "def shout(text):\n    return loud(text)",
        LOUD,
        "check('shout', shout)",
    ],
    "a helper of a helper of a helper": [
        "FIRST = 0",
        "def one(text):\n    return text[FIRST:]",
        "def two(text):\n    return one(text).upper()",
        "def three(text):\n    return two(text)",
        "def shout(text):\n    return three(text)",
        "check('shout', shout)",
    ],
    "a helper redefined in a later cell": [
        "def loud(text):\n    return text",
        "def shout(text):\n    return loud(text)",
        LOUD,
        "check('shout', shout)",
    ],
    "the function redefined in a later cell": [
        "def shout(text):\n    return text",
        "def shout(text):\n    return text.upper()",
        "check('shout', shout)",
    ],
    "an older function kept by another name": [
        "def shout(text):\n    return text.upper()\nfirst_try = shout",
        "def shout(text):\n    return text",
        "check('shout', first_try)",
    ],
    "an older function that needs the newer one of its name": [
        "def shout(text):\n    return ''.join(shout(c) for c in text)\nfirst_try = shout",
        "def shout(text):\n    return text.upper()",
        "check('shout', first_try)",
    ],
    "nested functions": [
        "MARK = ''",
        "def shout(text):\n    def one(c):\n        def two():\n            return c.upper() + MARK\n"
        "        return two()\n    return ''.join(one(c) for c in text)",
        "check('shout', shout)",
    ],
    "comprehensions": [
        LOUD,
        "SKIP = {'\\0'}",
        "def shout(text):\n    return ''.join([loud(c) for c in text if c not in SKIP])",
        "check('shout', shout)",
    ],
    "a comprehension over a global": [
        "TABLE = {c: c.upper() for c in 'abc'}\nNAMES = [n for n in TABLE]",
        "def shout(text):\n"
        "    return ''.join({c: TABLE[c] if c in NAMES else c.upper() for c in text}[c] for c in text)",
        "check('shout', shout)",
    ],
    "a class with methods that use globals": [
        LOUD,
        "class Speaker:\n    limit = len(loud('x'))\n\n    def say(self, text):\n        return loud(text)",
        "def shout(text):\n    return Speaker().say(text)",
        "check('shout', shout)",
    ],
    "a class that inherits from a class of another cell": [
        "class Base:\n    def say(self, text):\n        return text.upper()",
        "class Child(Base):\n    pass",
        "def shout(text):\n    return Child().say(text)",
        "check('shout', shout)",
    ],
    "super() and a class attribute": [
        "class Base:\n    def say(self, text):\n        return text.upper()",
        "class Child(Base):\n    def say(self, text):\n        return super().say(text)",
        "shout = Child().say",
        "check('shout', shout)",
    ],
    "a class without methods": [
        "class Settings:\n    suffix = ''",
        "def shout(text):\n    return text.upper() + Settings.suffix",
        "check('shout', shout)",
    ],
    "a class changed by a later cell": [
        "class Settings:\n    suffix = '?'",
        "Settings.suffix = ''",
        "def shout(text):\n    return text.upper() + Settings.suffix",
        "check('shout', shout)",
    ],
    "a dataclass": [
        "from dataclasses import dataclass, field\n\n@dataclass\nclass Said:\n    text: str\n"
        "    more: list = field(default_factory=list)",
        "def shout(text):\n    return Said(text).text.upper()",
        "check('shout', shout)",
    ],
    "a namedtuple": [
        "from collections import namedtuple\nSaid = namedtuple('Said', 'text')",
        "def shout(text):\n    return Said(text).text.upper()",
        "check('shout', shout)",
    ],
    "an enumeration": [
        "import enum\nclass Case(enum.IntEnum):\n    UPPER = 1\nCHOICE = Case.UPPER",
        "def shout(text):\n    return text.upper() if CHOICE is Case.UPPER else text",
        "check('shout', shout)",
    ],
    "a lambda": ["shout = lambda text: text.upper()", "check('shout', shout)"],
    "a lambda without a name": [LOUD, "check('shout', lambda text: loud(text))"],
    "a lambda over two lines": ["check('shout', lambda text:\n    text.upper())"],
    "two lambdas on a line": ["low, shout = lambda t: t, lambda t: t.upper()", "check('shout', shout)"],
    "a decorated function": [
        "import functools\ndef noted(function):\n    @functools.wraps(function)\n    def inner(*args):\n"
        "        return function(*args)\n    return inner",
        "@noted\ndef shout(text):\n    return text.upper()",
        "check('shout', shout)",
    ],
    "decorated without wraps, twice, with arguments": [
        "def add(text):\n    def wrap(function):\n        return lambda *args: function(*args) + text\n    return wrap",
        "@add('')\n@add('')\ndef shout(text):\n    return text.upper()",
        "check('shout', shout)",
    ],
    "decorated by hand": [
        "def same(function):\n    return lambda text: function(text)",
        "def shout(text):\n    return text.upper()\nshout = same(shout)",
        "check('shout', shout)",
    ],
    "a cached function": [
        "from functools import cache\n@cache\ndef shout(text):\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a function made by another": [
        "def make(suffix):\n    def inner(text):\n        return text.upper() + suffix\n    return inner",
        "shout = make('')",
        "check('shout', shout)",
    ],
    "a function made by another in the call": [
        "def make(suffix):\n    def inner(text):\n        return text.upper() + suffix\n    return inner",
        "check('shout', make(''))",
    ],
    "checked inside a function": [
        "def outer():\n    suffix = ''\n    def shout(text):\n        return text.upper() + suffix\n"
        "    return check('shout', shout)",
        "outer()",
    ],
    "a partial": [
        "from functools import partial\ndef change(how, text):\n    return how(text)",
        "check('shout', partial(change, str.upper))",
    ],
    "a method of str": ["check('shout', str.upper)"],
    "wrapped by a library": [
        LOUD,
        "import functools\n@functools.singledispatch\ndef shout(text):\n    return loud(text)",
        "check('shout', shout)",
    ],
    "a file that %run has run": [
        "import pathlib, tempfile\nfolder = tempfile.TemporaryDirectory()\n"
        "path = pathlib.Path(folder.name, 'mine.py')\nwritten = path.write_text("
        "'SUFFIX = str()\\n\\ndef shout(text):\\n    return text.upper() + SUFFIX\\n')",
        "%run $path",
        "check('shout', shout)",
    ],
    "a bound method": [
        "class Speaker:\n    def say(self, text):\n        return text.upper()\nspeaker = Speaker()",
        "check('shout', speaker.say)",
    ],
    "an object that can be called": [
        "class Speaker:\n    def __call__(self, text):\n        return text.upper()\nshout = Speaker()",
        "check('shout', shout)",
    ],
    "another name": ["def mine(text):\n    return text.upper()", "check('shout', mine)"],
    "another name, and a helper called shout": [
        "def shout(c):\n    return c.upper() if len(c) == 1 else c\n"
        "def mine(text):\n    return ''.join(map(shout, text))",
        "check('shout', mine)",
    ],
    "a loop over candidates": [
        "def shout(text):\n    return text.upper()",
        "for candidate in [shout]:\n    shown = check('shout', candidate)\nshown",
    ],
    "recursion": [
        "def shout(text):\n    return text and text[0].upper() + shout(text[1:])",
        "check('shout', shout)",
    ],
    "two functions that call each other": [
        "def shout(text):\n    return text and text[0].upper() + other(text[1:])",
        "def other(text):\n    return text and text[0].upper() + shout(text[1:])",
        "check('shout', shout)",
    ],
    "imports of all kinds": [
        "import os.path, string as s\nfrom time import *\nfrom os import path as p, sep\nimport concurrent.futures",
        "def shout(text):\n    sleep(0)\n"
        "    assert p is os.path and sep == p.sep and s.digits and concurrent.futures\n"
        "    return text.upper()",
        "check('shout', shout)",
    ],
    "an import in the function": [
        "def shout(text):\n    import string\n    return string.Template(text).template.upper()",
        "check('shout', shout)",
    ],
    "constants of the socket module": [
        "from socket import *\nFAMILY = AF_INET",
        "def shout(text):\n    assert FAMILY == AF_INET and SOL_SOCKET and socket\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a name that shadows a module": [
        "import re\nre = re.compile('x*')",
        "def shout(text):\n    assert re.match(text)\n    return text.upper()",
        "check('shout', shout)",
    ],
    "defaults and annotations": [
        "SUFFIX: str = ''\nText = str",
        "def shout(text: Text, suffix: 'str' = SUFFIX) -> Text:\n    return text.upper() + suffix",
        "check('shout', shout)",
    ],
    "annotations that name nothing": [
        "from __future__ import annotations",
        "def shout(text: Unknown) -> Nothing:\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a lock, a pattern, a queue": [
        "import threading, re, queue\nLOCK = threading.Lock()\nPATTERN = re.compile('.*')\nWAITING = queue.Queue()",
        "def shout(text):\n    with LOCK:\n        WAITING.put(text)\n        assert PATTERN\n"
        "        return WAITING.get().upper()",
        "check('shout', shout)",
    ],
    "a count that functions change, tried by hand before": [
        "count = 0\nheard = []",
        "def shout(text):\n    global count\n    count += 1\n    heard.append(text)\n"
        "    return text.upper() if count == len(heard) == 1 else 'again'",
        "shout('x'); shout('y')",
        "check('shout', shout)",
    ],
    "a global that only functions set": [
        "def note(text):\n    global last\n    last = text\ndef shout(text):\n    note(text)\n    return last.upper()",
        "check('shout', shout)",
    ],
    "a table that a later cell fills": [
        "table = {}",
        "for c in 'abcdefghijklmnopqrstuvwxyz':\n    table[c] = c.upper()",
        "table['?'] = '?'",
        "def shout(text):\n    assert len(table) == 27\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a table of functions that a later cell fills": [
        "table = {}",
        LOUD,
        "table['loud'] = loud",
        "def shout(text):\n    return table['loud'](text)",
        "check('shout', shout)",
    ],
    "a table that decorators fill": [
        "handlers = {}\ndef on(word):\n    def enter(function):\n        handlers[word] = function\n"
        "        return function\n    return enter",
        "@on('loud')\ndef loud(text):\n    return text.upper()",
        "def shout(text):\n    return handlers['loud'](text)",
        "check('shout', shout)",
    ],
    "a table that calls fill": [
        "handlers = {}\ndef register(word, function):\n    handlers[word] = function",
        "def loud(text):\n    assert handlers\n    return text.upper()\nregister('loud', loud)",
        "def shout(text):\n    return handlers['loud'](text)",
        "check('shout', shout)",
    ],
    "a list that a later cell adds to": [
        "letters = list()\nletters += ['a']",
        "letters.append('b')",
        "def shout(text):\n    assert letters == ['a', 'b']\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a name that a failed import leaves None": [
        "try:\n    import no_such_module as extra\nexcept ImportError:\n    extra = None",
        "def shout(text):\n    assert extra is None\n    return text.upper()",
        "check('shout', shout)",
    ],
    "random values at hand": [
        "import random\ndraws = [random.random() for _ in range(3)]\nlowest = min(draws)",
        "def shout(text):\n    assert min(draws) == lowest\n    return text.upper()",
        "check('shout', shout)",
    ],
    "values that a loop and a with statement made": [
        "import io\nfor number in range(3):\n    pass\nwith io.StringIO('abc') as stream:\n    letters = stream.read()",
        "def shout(text):\n    assert (number, letters) == (2, 'abc')\n    return text.upper()",
        "check('shout', shout)",
    ],
    "several names in one assignment": [
        "HOST, (PORT, *REST) = '', (0, 1, 2)\na = b = 'x'",
        "def shout(text):\n    assert (HOST, PORT, REST, a, b) == ('', 0, [1, 2], 'x', 'x')\n    return text.upper()",
        "check('shout', shout)",
    ],
    "magics, shell commands and await in the cell": [
        "import asyncio\n%timeit -n1 -r1 1\n!true\nawait asyncio.sleep(0)\ndef shout(text):\n    return text.upper()",
        "check('shout', shout)",
    ],
    "%%time over the definition": [LOUD, "%%time\ndef shout(text):\n    return loud(text)", "check('shout', shout)"],
    "%%capture over the definition": ["%%capture\ndef shout(text):\n    return text.upper()", "check('shout', shout)"],
    "%%capture over what is no literal": [
        "%%capture\nimport re\nPATTERN = re.compile('.*')",
        "def shout(text):\n    assert PATTERN\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a definition under if and try": [
        "import sys\nif sys.platform:\n    try:\n        def shout(text):\n            '''A text\nover lines.'''\n"
        "            return text.upper()\n    finally:\n        pass",
        "check('shout', shout)",
    ],
    "blank lines, comments and semicolons": [
        "\n\n# above\na = ''; b = ''\n\n\n# loud\ndef shout(text):\n    # inside\n"
        "    return text.upper() + a + b\n    # below",
        "check('shout', shout)",
    ],
    "display and print": [
        "def shout(text):\n    display(text)\n    print(text)\n    return text.upper()",
        "check('shout', shout)",
    ],
    "open, as IPython replaces it": [
        "def shout(text):\n    with open('/dev/null') as nothing:\n        nothing.read()\n    return text.upper()",
        "check('shout', shout)",
    ],
    "a server with a helper and a constant": [
        ECHO,
        "SIZE = 2 ** 10",
        "def echo_once(listener):\n    return talk(listener, SIZE)",
        "check('echo_once', echo_once)",
    ],
}
WRONG = {
    "lower case": ["def shout(text):\n    return text.lower()", "check('shout', shout)"],
    "nothing returned": [LOUD, "def shout(text):\n    loud(text)", "check('shout', shout)"],
    "printed, not returned": ["def shout(text):\n    print(text.upper())", "check('shout', shout)"],
    "an error in a helper of another cell": [
        "def loud(text):\n    return text.uper()",
        "def shout(text):\n    return loud(text)",
        "check('shout', shout)",
    ],
    "a function of a library": ["from string import capwords", "check('shout', capwords)"],
    "a function of a library, by its module": ["import string", "check('shout', string.capwords)"],
    "one recv": [
        "def echo_once(listener):\n    conn, _ = listener.accept()\n    with conn:\n        data = conn.recv(1024)\n"
        "        conn.sendall(data)\n    return data",
        "check('echo_once', echo_once)",
    ],
    "a second accept": [
        "def echo_once(listener):\n    conn, _ = listener.accept()\n    listener.accept()",
        "check('echo_once', echo_once)",
    ],
}


def outcome_of(notebook, cells: list[str]) -> dict:
    for cell in cells[:-1]:
        notebook.fine(cell)
    return notebook.verdict(cells[-1])


def agree(verdict: dict, answers: Path) -> None:
    [kept] = answers.glob("*.py")
    row = verify(kept)
    diagnosis = verdict["diagnosis"]["name"] if verdict["diagnosis"] else ""
    assert (row.exercise, row.verdict) == (verdict["exercise"], verdict["outcome"]), kept.read_text()
    assert (row.case, row.diagnosis) == (verdict["case"], diagnosis), kept.read_text()


@pytest.mark.parametrize("cells", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes_in_the_notebook_and_as_a_file(notebook, tmp_path, cells):
    verdict = outcome_of(notebook, cells)
    assert verdict["outcome"] == "passed", verdict
    agree(verdict, tmp_path / "answers")


@pytest.mark.parametrize("cells", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_alike_in_the_notebook_and_as_a_file(notebook, tmp_path, cells):
    verdict = outcome_of(notebook, cells)
    assert verdict["outcome"] == "not yet"
    agree(verdict, tmp_path / "answers")


def test_the_same_answer_gives_the_same_file(notebook, tmp_path):
    cells = RIGHT["a comprehension over a global"]
    outcome_of(notebook, cells)
    kept = tmp_path / "answers" / "shout.py"
    before = kept.read_bytes()
    kept.unlink()
    outcome_of(notebook, ["SPARE = 1", *cells])
    assert kept.read_bytes() == before


def test_a_module_inside_a_package_is_imported_by_its_whole_name(notebook, tmp_path):
    notebook.fine("import xml.dom.minidom, xml.sax\nimport os.path as p")
    notebook.fine("def shout(text):\n    assert xml.sax and xml.dom.minidom and p\n    return text.upper()")
    notebook.fine("check('shout', shout)")
    kept = (tmp_path / "answers" / "shout.py").read_text()
    assert "import os.path as p\nimport xml.dom.minidom\nimport xml.sax\n" in kept
