"""The course under conditions that learners have: what is right stays right, and what cannot be done is said."""

import pytest

from course.checker import Answer, run_check
from course.exercises.reference import reference_text
from course.exercises.registry import exercises

EXERCISES = exercises()


@pytest.fixture
def reference_verdict():
    """reference_verdict(name): the verdict on the reference of an exercise, here and now."""

    def verdict(name):
        exercise = EXERCISES[name]
        text = reference_text(exercise)
        return run_check(name, exercise.check, [Answer(each, text) for each in exercise.names])

    return verdict
