"""The answer's own process: what it is given, what runs in it, and how the kernel asks it and ends it."""
