"""From a check and its answers to a verdict."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Sequence

from course.checker.process.answer import Answer
from course.checker.process.program import Program
from course.checker.process.settings import set_aside
from course.checker.process.survivors import checking
from course.checker.told.diagnoses import diagnose
from course.checker.told.evidence import Evidence
from course.checker.told.verdict import Diagnosis, Verdict
from course.checker.trial import CheckFailed, Trial, case_names


def run_check(exercise: str, check: Callable[[Trial], None], answers: Sequence[Answer]) -> Verdict:
    """Run every case of `check` against `answers` and say what came of it.

    Never raises for anything an answer does, and leaves nothing of it behind. What `check` itself raises (a
    mistake in the exercise) and KeyboardInterrupt go to the caller, after the same cleaning up. OSError does not: then
    the machine has refused the checker something, and the outcome is "not checked".
    """
    began = time.perf_counter()
    program = Program(answers)
    if program.untouched():
        return Verdict(exercise, "not started", seconds=time.perf_counter() - began)
    try:
        program.compile()
    except SyntaxError as error:
        return _no_python(exercise, program, error)
    _take_standard_descriptors()
    trial = Trial(program)
    try:
        with set_aside(), checking(), contextlib.closing(trial):
            check(trial)
    except CheckFailed as failed:
        total = len(case_names(check))
        return verdict_of(exercise, trial, failed, total, time.perf_counter() - began)
    except OSError as error:
        return Verdict(exercise, "not checked", diagnosis=machine_trouble(error), seconds=time.perf_counter() - began)
    passed = trial.passed
    return Verdict(exercise, "passed", passed, passed, seconds=time.perf_counter() - began)


def _take_standard_descriptors() -> None:
    """Open those of 0, 1 and 2 without which Python was started (`<&-`, some daemons).

    Else a socket of a case gets the number, and the answer's process puts its own standard input in its place.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


ADVICE = {
    errno.EMFILE: "Too many files or sockets are open: close some, or restart the kernel (the limit: `ulimit -n`).",
    errno.ENFILE: "Too many files are open on the whole machine: close programs.",
    errno.ENOSPC: "The disk is full: make room.",
    errno.EROFS: "The folder for temporary files cannot be written: set TMPDIR to one that can.",
    errno.EACCES: "The folder for temporary files cannot be written: set TMPDIR to one that can.",
    errno.EAGAIN: "This user has too many processes: end some.",
    errno.ENOMEM: "The memory is used up: close programs.",
}


def machine_trouble(error: OSError) -> Diagnosis:
    """Return what is said of an answer that could not be checked: nothing of the answer, and what to do."""
    reason = error.strerror or str(error) or type(error).__name__
    advice = ADVICE.get(error.errno or 0, "Mend that on this machine.")
    text = f"This answer was not checked: the machine refused the checker something ({reason}). {advice}"
    return Diagnosis("machine", text)


def verdict_of(exercise: str, trial: Trial, failed: CheckFailed, total: int, seconds: float) -> Verdict:
    """Return the verdict on a failed case: its evidence in words, and the one diagnosis."""
    seen = failed.evidence
    return Verdict(
        exercise=exercise,
        outcome="not yet",
        passed_cases=trial.passed,
        total_cases=total,
        case=failed.case,
        expected=seen.expected,
        got=_got(seen),
        diagnosis=diagnose(seen, trial.rules),
        where=str(seen.spot) if seen.spot else "",
        wire=tuple(line for line in seen.wire if not (seen.called and line.startswith("called with "))),
        called=seen.called,
        trace=seen.trace,
        printed=seen.printed,
        left=tuple(seen.left),
        seconds=seconds,
    )


def _got(seen: Evidence) -> str:
    """Say what came instead: an exception outranks what a peer noticed of it."""
    if seen.error and not seen.in_thread:
        return "it raised " + ": ".join(filter(None, (seen.error["type"], seen.error["message"].strip())))
    if seen.exit is not None:
        return "the process ended"
    if seen.kind == "hung" and not seen.got:
        return "it was still running" if seen.spot and seen.spot.busy else "it was still waiting"
    return seen.got


def _no_python(exercise: str, program: Program, error: SyntaxError) -> Verdict:
    line = program.place(error.filename or "", error.lineno or 1)
    text = f"This is not Python yet ({line}): {error.msg}."
    return Verdict(exercise, "not yet", case="reading your answer", diagnosis=Diagnosis("syntax-error", text))
