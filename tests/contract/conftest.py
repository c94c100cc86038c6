"""A lesson that keeps every rule, for the tests that break one rule at a time."""

import copy
from pathlib import Path

import nbformat
import pytest

TEMPLATE = Path(__file__).parents[2] / "docs" / "lesson_template.ipynb"


class Lesson:
    """A good lesson and the few ways in which tests spoil it."""

    def __init__(self):
        self.notebook = copy.deepcopy(nbformat.read(TEMPLATE, as_version=4))

    @property
    def code(self):
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    def cell(self, text):
        """Return the one cell that holds `text`."""
        found = [cell for cell in self.notebook.cells if text in cell.source]
        assert len(found) == 1, f"{len(found)} cells hold {text!r}"
        return found[0]

    def replace(self, old, new):
        cell = self.cell(old)
        cell.source = cell.source.replace(old, new)
        return cell

    def insert_after(self, text, source, **metadata):
        """Put a code cell behind the one that holds `text`, and number all anew as if they had run."""
        place = self.notebook.cells.index(self.cell(text)) + 1
        self.notebook.cells.insert(place, nbformat.v4.new_code_cell(source, metadata=metadata))
        for number, cell in enumerate(self.code, 1):
            cell.execution_count = number


@pytest.fixture
def lesson():
    return Lesson()
