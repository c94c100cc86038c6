"""Print, as JSON, what becomes of the reference of each exercise named, when it is checked as a file."""

import json
import sys
import tempfile
from pathlib import Path

from course.classroom.judge import verify
from course.exercises.reference import reference_text
from course.exercises.registry import find

found = {}
with tempfile.TemporaryDirectory() as folder:
    for name in sys.argv[1:]:
        path = Path(folder, f"{name}.py")
        path.write_text(reference_text(find(name)), "utf-8")
        row = verify(path)
        found[name] = " ".join(filter(None, (row.verdict, row.case, row.diagnosis, row.message)))
print(json.dumps(found))
