"""The checker: runs an answer against real peers and says what it saw.

`run_check` gives the verdict; `Trial` is what a check is written against; a `Rule` is a diagnosis of an
exercise's own.
"""

from course.checker.check import run_check
from course.checker.process.answer import Answer
from course.checker.replay import Replay, replay_case
from course.checker.scene.case import Case
from course.checker.told.evidence import Evidence, Rule, rule
from course.checker.told.verdict import Diagnosis, Verdict
from course.checker.trial import Trial

__all__ = [
    "Answer",
    "Case",
    "Diagnosis",
    "Evidence",
    "Replay",
    "Rule",
    "Trial",
    "Verdict",
    "replay_case",
    "rule",
    "run_check",
]
