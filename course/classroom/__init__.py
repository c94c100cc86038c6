"""A class verified: every kept answer of every learner, each in a box of its own.

`command` runs it; `folders` finds the answers, `pool` hands them to workers, `worker` checks one after the other, each
in a `box`; `journal` remembers what is done, `report` writes the tables.
"""
