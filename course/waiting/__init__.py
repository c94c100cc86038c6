"""What a cell waits for, said while it waits (`notice`), from where its thread is (`spots`); and what it left running.

`course.exercises` switches it on; `%load_ext course.waiting` does so too.
"""

from course.waiting.notice import enable, load_ipython_extension, stop_left

__all__ = ["enable", "load_ipython_extension", "stop_left"]
