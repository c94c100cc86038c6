"""Editions of a lesson, each a pure function from notebook to notebook: the lesson stays the only source.

`learner` makes the copies in `work/`, `solved` pours the reference answers in, `live` is what a speaker types into,
with `catch_up` in its kernel; `written` puts an edition into a folder; `schedule` plans the hours of a class.
"""
